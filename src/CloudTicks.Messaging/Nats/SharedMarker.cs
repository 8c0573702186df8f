namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Lets the callers of one connection wait for markers that the server returns. One marker is in flight at a time; callers that arrive
/// meanwhile share the next one, because each marker wakes threads here and at the server.
/// </summary>
/// <param name="send">Sends a marker. When the connection has ended, the delegate throws or the waiter fails later.</param>
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
            // Check under the lock: a connection that ends sets the failure before it calls Fail, so no caller waits forever.
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

    /// <summary>
    /// Fails the callers of the next marker, because the connection has ended; those of the marker in flight are failed elsewhere.
    /// </summary>
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
