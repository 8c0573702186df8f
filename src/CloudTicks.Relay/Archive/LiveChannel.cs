using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>The channel of one symbol and kind: its subscribers, and its events of the current record.</summary>
internal sealed class LiveChannel(Symbol symbol, TickKind kind)
{
    public Symbol Symbol { get; } = symbol;

    public TickKind Kind { get; } = kind;

    /// <summary>The subscribers to this channel by name, without subscribers to wildcards.</summary>
    public List<IEventSubscriber> NamedSubscribers { get; } = [];

    /// <summary>All receivers of the events, including subscribers to wildcards. The array is replaced, never changed.</summary>
    public IEventSubscriber[] Subscribers { get; set; } = [];

    /// <summary>The channel of the same symbol's other kind (quotes or trades); null when there is none.</summary>
    public LiveChannel? OtherKind { get; set; }

    /// <summary>The events not delivered yet; used by the tail only.</summary>
    public EventRun PendingEvents { get; } = new();

    /// <summary>
    /// The index of the stretch (see <see cref="RecordEvents"/>) to which the next event is added; negative to begin a new stretch.
    /// </summary>
    public int Stretch { get; set; } = -1;

    public void Deliver(ReadOnlySpan<byte> events, int count)
    {
        foreach (var subscriber in Subscribers)
        {
            subscriber.Receive(events, count);
        }
    }
}
