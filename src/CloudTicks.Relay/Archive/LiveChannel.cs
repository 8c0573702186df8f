using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>One symbol and kind: who receives its events, and those of the record of the moment.</summary>
internal sealed class LiveChannel(Symbol symbol, TickKind kind)
{
    public Symbol Symbol { get; } = symbol;

    public TickKind Kind { get; } = kind;

    /// <summary>Who subscribed to this channel by its name.</summary>
    public List<IEventSubscriber> Holders { get; } = [];

    /// <summary>Who receives the events; replaced, never changed.</summary>
    public IEventSubscriber[] Subscribers { get; set; } = [];

    /// <summary>The channel of the symbol's other kind, where there is one.</summary>
    public LiveChannel? OtherKind { get; set; }

    /// <summary>The events that are not handed over yet; the tail's alone.</summary>
    public EventRun Run { get; } = new();

    /// <summary>The stretch of the record's events to which the next one belongs; negative when it begins another.</summary>
    public int Stretch { get; set; } = -1;

    public void HandOver(ReadOnlySpan<byte> events, int count)
    {
        foreach (var subscriber in Subscribers)
        {
            subscriber.Take(events, count);
        }
    }
}
