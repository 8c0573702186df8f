using CloudTicks.Simulator.History;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Channels;

/// <summary>The channel of one symbol and kind: its subscribers, its generated ticks, and its sent ticks.</summary>
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

    /// <summary>Whether the channel has ever had a subscriber. By default the market generates its ticks from then on.</summary>
    public bool WasSubscribed { get; set; }

    /// <summary>The count of all ticks that the market generated, with or without subscribers.</summary>
    public TickTally Generated { get; } = new();

    /// <summary>The count of ticks written to the socket of at least one subscriber.</summary>
    public TickTally Sent { get; } = new();

    /// <summary>The number of ticks that were generated but written to no socket.</summary>
    public long Missed { get; set; }

    /// <summary>The recent ticks, for the REST endpoints.</summary>
    public ChannelHistory History { get; } = new();
}
