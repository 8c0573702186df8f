namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>
/// The markers that were published on one connection, to a private subject, and have not been returned yet. The server processes a
/// connection in order, so a returned marker proves that the server has everything published before it. A skipped marker proves that bytes
/// were lost.
/// </summary>
internal sealed class EchoQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<Marker> _markers = new();
    private long _lastNumber;
    private MessagingException? _failure;

    /// <summary>Numbers a marker and publishes it under the lock, so that markers are published in the order of their numbers.</summary>
    /// <param name="waiter">Completed when the marker is returned; null for a ping.</param>
    /// <param name="messages">The number of messages published before the marker.</param>
    public void Send(TaskCompletionSource? waiter, long messages, long now, Action<long> publish)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw _failure;
            var number = ++_lastNumber;
            _markers.Enqueue(new Marker(number, messages, now, waiter));
            publish(number);
        }
    }

    /// <summary>Removes a marker that the server returned.</summary>
    /// <param name="waiter">To be completed by the caller of this method after it has counted the messages; null for a ping.</param>
    /// <returns>False when it is not the next marker: bytes were lost, and the connection must not be trusted.</returns>
    public bool TryRemove(long number, out long messages, out TaskCompletionSource? waiter)
    {
        Marker marker;
        lock (_gate)
        {
            if (!_markers.TryDequeue(out marker) || marker.Number != number)
            {
                (messages, waiter) = (0, null);
                return _failure is not null; // ignore markers that arrive after the connection ended
            }
        }

        (messages, waiter) = (marker.Messages, marker.Waiter);
        return true;
    }

    /// <summary>The time at which the oldest outstanding marker was published; null when none is outstanding.</summary>
    public long? OldestPublishedAt()
    {
        lock (_gate)
            return _markers.TryPeek(out var marker) ? marker.PublishedAt : null;
    }

    /// <summary>Fails the callers that wait now and all later ones.</summary>
    public void Fail(MessagingException failure)
    {
        Marker[] markers;
        lock (_gate)
        {
            if (_failure is not null)
                return;
            _failure = failure;
            markers = [.. _markers];
            _markers.Clear();
        }

        foreach (var marker in markers)
            marker.Waiter?.TrySetException(failure);
    }

    private readonly record struct Marker(long Number, long Messages, long PublishedAt, TaskCompletionSource? Waiter);
}
