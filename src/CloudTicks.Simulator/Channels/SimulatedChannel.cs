using CloudTicks.Simulator.History;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Channels;

/// <summary>One symbol's ticks of one kind: subscribers, ticks made, and ticks sent.</summary>
internal sealed class SimulatedChannel(Symbol symbol, TickKind kind)
{
    private ISubscriber[] _subscribers = [];

    public Symbol Symbol { get; } = symbol;

    public TickKind Kind { get; } = kind;

    /// <summary>The subscribed sessions; the array is replaced, never changed.</summary>
    public ISubscriber[] Subscribers
    {
        get => Volatile.Read(ref _subscribers);
        set => Volatile.Write(ref _subscribers, value);
    }

    /// <summary>Whether there ever was a subscriber; from then on the market makes ticks.</summary>
    public bool WasSubscribed { get; set; }

    /// <summary>All ticks that the market made, with or without subscribers.</summary>
    public TickTally Made { get; } = new();

    /// <summary>The ticks written to the socket of at least one subscriber.</summary>
    public TickTally Sent { get; } = new();

    /// <summary>The ticks that were made, but written to no socket.</summary>
    public long Missed { get; set; }

    /// <summary>The ticks made lately, for the REST endpoints.</summary>
    public ChannelHistory History { get; } = new();
}
