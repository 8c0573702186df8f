namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Callers who wait for a marker of one connection: one marker that is waited for is under way at a time. It is sent at once when there is
/// none; who comes meanwhile shares the next. A marker costs wake-ups here and at the server, however many wait for it.
/// </summary>
/// <param name="send">Sends a marker; it throws, or the waiter fails later, when the connection has ended.</param>
/// <param name="failure">Why the connection has ended; null while it stands.</param>
internal sealed class SharedMarker(Action<TaskCompletionSource> send, Func<MessagingException?> failure)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;
    private bool _isUnderWay;

    /// <summary>Completes when a marker has come back that was sent after this call.</summary>
    public Task WaitAsync()
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            // Under the lock: whoever ends the connection says so first, and then calls Fail.
            if (failure() is { } ended)
                return Task.FromException(ended);
            if (_isUnderWay)
                return (_next ??= NewWaiter()).Task;
            _isUnderWay = true;
            waiter = NewWaiter();
        }

        Send(waiter);
        return waiter.Task;
    }

    /// <summary>The marker has come back: sends the next, if anyone waits for it.</summary>
    public void OnBack()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            (next, _next) = (_next, null);
            _isUnderWay = next is not null;
        }

        if (next is not null)
            Send(next);
    }

    /// <summary>The connection has ended; who waits for the marker that is under way is told elsewhere.</summary>
    public void Fail(MessagingException ended)
    {
        lock (_gate)
            _next?.TrySetException(ended);
    }

    private void Send(TaskCompletionSource waiter)
    {
        try
        {
            send(waiter);
        }
        catch (MessagingException exception)
        {
            waiter.TrySetException(exception);
        }
    }

    private static TaskCompletionSource NewWaiter() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
