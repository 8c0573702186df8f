namespace CloudTicks.Simulator.Channels;

/// <summary>
/// Counts a channel's ticks and sums their identities, for comparison with what clients received. Times must not decrease.
/// </summary>
internal sealed class TickTally
{
    private readonly HashSet<ulong> _identitiesOfMs = [];
    private long _ms = long.MinValue;

    public long Count { get; private set; }

    public long Distinct { get; private set; }

    public ulong Sum { get; private set; }

    public ulong DistinctSum { get; private set; }

    public void Add(ulong identity, long timestampMs)
    {
        Count++;
        Sum += identity;
        if (timestampMs != _ms)
        {
            _ms = timestampMs;
            _identitiesOfMs.Clear();
        }

        if (_identitiesOfMs.Add(identity))
        {
            Distinct++;
            DistinctSum += identity;
        }
    }
}
