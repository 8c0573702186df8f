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

    /// <summary>The events that are not handed over yet; the tail's alone.</summary>
    public EventRun Run { get; } = new();

    public void HandOver()
    {
        var events = Run.Events.Span;
        foreach (var subscriber in Subscribers)
        {
            subscriber.Take(events, Run.Count);
        }

        Run.Clear();
    }
}
