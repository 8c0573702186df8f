namespace CloudTicks.Relay.Archive;

/// <summary>
/// Keeps the live events of a client that is about to reach the archive's end, until its history is sent. It is bounded: what does not fit
/// is read from the archive in another round.
/// </summary>
internal sealed class JoiningSubscriber(IEventSubscriber client, int maxBytes) : IEventSubscriber
{
    private EventRun _events = new();

    /// <summary>Whether events came that there was no room for. Read in the turn of <see cref="LiveChannels"/>.</summary>
    public bool IsOverflown { get; private set; }

    public void Take(ReadOnlySpan<byte> events, int count)
    {
        if (IsOverflown || _events.Length + events.Length > maxBytes)
        {
            IsOverflown = true;
            return;
        }

        _events.Add(events, count);
    }

    public ValueTask TakeHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken) =>
        throw new NotSupportedException("History goes to the client itself.");

    public void Warn(string message) => client.Warn(message);

    /// <summary>What has gathered, which the caller clears. Called in the turn of <see cref="LiveChannels"/>.</summary>
    public EventRun Swap()
    {
        var events = _events;
        _events = new EventRun();
        return events;
    }
}
