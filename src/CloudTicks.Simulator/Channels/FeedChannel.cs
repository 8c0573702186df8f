using CloudTicks.Simulator.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Channels;

/// <summary>One symbol's ticks of one kind: who has subscribed, and what was sent.</summary>
internal sealed class FeedChannel(Symbol symbol, TickKind kind)
{
    private readonly HashSet<ulong> _identitiesOfTheMs = [];
    private FeedSession[] _subscribers = [];
    private long _ms = long.MinValue;

    public Symbol Symbol { get; } = symbol;

    public TickKind Kind { get; } = kind;

    /// <summary>The sessions that have subscribed; the array is replaced, never changed.</summary>
    public FeedSession[] Subscribers
    {
        get => Volatile.Read(ref _subscribers);
        set => Volatile.Write(ref _subscribers, value);
    }

    /// <summary>Ticks sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Ticks sent that differ in their identity.</summary>
    public long Distinct { get; private set; }

    /// <summary>The wrapping sum of the identities of all ticks sent.</summary>
    public ulong Sum { get; private set; }

    /// <summary>The wrapping sum of the identities of the distinct ticks sent.</summary>
    public ulong DistinctSum { get; private set; }

    /// <summary>Counts a tick that was sent. The times of a channel never go back, so repeats are found within one ms.</summary>
    public void CountSent(ulong identity, long timestampMs)
    {
        Sent++;
        Sum += identity;
        if (timestampMs != _ms)
        {
            _ms = timestampMs;
            _identitiesOfTheMs.Clear();
        }

        if (_identitiesOfTheMs.Add(identity))
        {
            Distinct++;
            DistinctSum += identity;
        }
    }
}
