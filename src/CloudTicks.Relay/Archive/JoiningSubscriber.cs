namespace CloudTicks.Relay.Archive;

/// <summary>
/// Buffers a client's live events until the rest of its history is sent. The buffer is bounded: if it overflows, the events are read from
/// the archive in another round.
/// </summary>
internal sealed class JoiningSubscriber(IEventSubscriber client, int maxBytes) : IEventSubscriber
{
    private EventRun _events = new();

    /// <summary>Whether the buffer overflowed. Read while holding <see cref="LiveChannels.DeliveryLock"/>.</summary>
    public bool HasOverflowed { get; private set; }

    public void Receive(ReadOnlySpan<byte> events, int count)
    {
        if (HasOverflowed || _events.Length + events.Length > maxBytes)
        {
            HasOverflowed = true;
            return;
        }

        _events.Add(events, count);
    }

    public ValueTask ReceiveHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken) =>
        throw new NotSupportedException("History is sent to the client directly.");

    public void Warn(string message) => client.Warn(message);

    /// <summary>
    /// Returns the buffered events, which the caller clears. Called while holding <see cref="LiveChannels.DeliveryLock"/>.
    /// </summary>
    public EventRun Swap()
    {
        var events = _events;
        _events = new EventRun();
        return events;
    }
}
