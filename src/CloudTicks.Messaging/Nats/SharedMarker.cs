namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Callers that wait for a marker of one connection. One marker is in flight at a time. It is sent at once when none is in flight; later
/// callers share the next one. A marker costs wake-ups here and at the server, whatever the number of callers.
/// </summary>
/// <param name="send">Sends a marker; it throws, or the waiter fails later, when the connection has ended.</param>
/// <param name="failure">The reason why the connection has ended; null while it is open.</param>
internal sealed class SharedMarker(Action<TaskCompletionSource> send, Func<MessagingException?> failure)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;
    private bool _isInFlight;

    /// <summary>Completes when a marker that was sent after this call has been returned.</summary>
    public Task WaitAsync()
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            // Under the lock: the code that ends the connection sets the failure first, and then calls Fail.
            if (failure() is { } ended)
                return Task.FromException(ended);
            if (_isInFlight)
                return (_next ??= NewWaiter()).Task;
            _isInFlight = true;
            waiter = NewWaiter();
        }

        Send(waiter);
        return waiter.Task;
    }

    /// <summary>Called when the marker was returned: sends the next one if a caller waits for it.</summary>
    public void OnReturned()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            (next, _next) = (_next, null);
            _isInFlight = next is not null;
        }

        if (next is not null)
            Send(next);
    }

    /// <summary>The connection has ended; the callers of the marker in flight are notified elsewhere.</summary>
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
