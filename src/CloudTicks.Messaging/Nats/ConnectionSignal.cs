namespace CloudTicks.Messaging.Nats;

internal sealed class ConnectionSignal
{
    private TaskCompletionSource _next = NewSource();

    private Exception? _failure;

    public void Set() => Interlocked.Exchange(ref _next, NewSource()).SetResult();

    /// <summary>Fails the callers that wait now and all later ones, because there will be no further connection.</summary>
    public void Fail(Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        Set();
    }

    /// <summary>Completes when the condition holds. Checks the condition immediately and after every <see cref="Set"/>.</summary>
    public async Task WaitAsync(Func<bool> isConnected, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Read the task before the check: a connection that opens in between completes it.
            var next = Volatile.Read(ref _next).Task;
            if (isConnected())
                return;
            if (Volatile.Read(ref _failure) is { } failure)
                throw new MessagingException($"The NATS client has stopped: {failure.Message}", failure);
            await next.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
