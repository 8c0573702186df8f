using System.Text;

namespace CloudTicks.Messaging.Nats.Libnats;

internal sealed unsafe class ConnectionSubscription : ILibnatsSubscriptionEvents, IDisposable
{
    private readonly NatsMessageHandler _deliver;
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LibnatsSubscriptionHandle _handle;
    private long _dropped;

    public ConnectionSubscription(
        LibnatsConnectionHandle connection, string subject, NatsConnectionSettings settings, NatsMessageHandler deliver)
    {
        _deliver = deliver;
        var closure = LibnatsCallbacks.Add(this);
        try
        {
            fixed (byte* terminated = Encoding.UTF8.GetBytes(subject + '\0'))
            {
                LibnatsException.ThrowIfFailed(
                    LibnatsMethods.ConnectionSubscribe(out _handle, connection, terminated, &LibnatsCallbacks.Message, closure),
                    $"subscribe to '{subject}'");
            }
        }
        catch
        {
            LibnatsCallbacks.RemoveSubscription(closure);
            throw;
        }

        // On a closed connection both calls fail: no further message arrives, and there is nothing to wait for.
        if (LibnatsMethods.SubscriptionSetPendingLimits(_handle, settings.MaxPendingMessages, settings.MaxPendingBytes) != LibnatsStatus.Ok
            || LibnatsMethods.SubscriptionSetOnComplete(_handle, &LibnatsCallbacks.Complete, closure) != LibnatsStatus.Ok)
        {
            LibnatsCallbacks.RemoveSubscription(closure);
            _complete.TrySetResult();
        }
    }

    public Task Completion => _complete.Task;

    /// <summary>The number of messages that the library dropped; the last known number once the subscription has ended.</summary>
    public long Dropped
    {
        get
        {
            if (!_handle.IsClosed && LibnatsMethods.SubscriptionGetDropped(_handle, out var dropped) == LibnatsStatus.Ok)
                _dropped = dropped;
            return _dropped;
        }
    }

    /// <summary>
    /// Ends the subscription in the background when the messages that have arrived are handled. Returns false without a connection.
    /// </summary>
    public bool Drain(TimeSpan timeout)
    {
        _ = Dropped;
        return LibnatsMethods.SubscriptionDrainTimeout(_handle, LibnatsOptions.Milliseconds(timeout)) == LibnatsStatus.Ok;
    }

    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload) => _deliver(subject, payload);

    public void OnComplete() => _complete.TrySetResult();

    /// <summary>Ends the subscription immediately; the handler may still process a message until <see cref="Completion"/>.</summary>
    public void Dispose() => _handle.Dispose();
}
