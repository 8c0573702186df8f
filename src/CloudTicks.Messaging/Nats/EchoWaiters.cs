namespace CloudTicks.Messaging.Nats;

/// <summary>Callers that wait until the server returns a numbered message, which a subscriber publishes to itself.</summary>
internal sealed class EchoWaiters(NatsConnectionSettings settings)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource> _waiters = [];
    private long _lastNumber;

    /// <summary>Adds a waiter.</summary>
    /// <param name="echoed">Fails with a <see cref="MessagingException"/> if the connection is lost before the message returns.</param>
    /// <returns>The number to publish.</returns>
    public long Add(out Task echoed)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        echoed = waiter.Task;
        lock (_gate)
        {
            _waiters.Add(++_lastNumber, waiter);
            return _lastNumber;
        }
    }

    /// <summary>Completes the waiter of a message that the server has returned.</summary>
    public void Complete(long number)
    {
        lock (_gate)
        {
            if (_waiters.Remove(number, out var waiter))
                waiter.TrySetResult();
        }
    }

    /// <summary>Fails all waiters: the connection was lost, so the server will not return their messages.</summary>
    public void Fail(string problem)
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters.Values)
                waiter.TrySetException(new MessagingException($"The connection to NATS at {settings} was lost: {problem}."));
            _waiters.Clear();
        }
    }
}
