namespace CloudTicks.Simulator.Channels;

/// <summary>Counts a channel's ticks so that another count compares; its times never go back.</summary>
internal sealed class TickTally
{
    private readonly HashSet<ulong> _identitiesOfTheMs = [];
    private long _ms = long.MinValue;

    public long Count { get; private set; }

    /// <summary>Ticks that differ in their identity.</summary>
    public long Distinct { get; private set; }

    /// <summary>The wrapping sum of the identities of all ticks.</summary>
    public ulong Sum { get; private set; }

    /// <summary>The wrapping sum of the identities of the distinct ticks.</summary>
    public ulong DistinctSum { get; private set; }

    public void Add(ulong identity, long timestampMs)
    {
        Count++;
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
