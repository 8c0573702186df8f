using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Collection.Gaps;

/// <summary>The ticks fetched for a gap. Identities are kept only if the number of missing ticks is known.</summary>
internal sealed class FetchedTicks(bool keepsIdentities)
{
    /// <summary>Maximum number of identities, which take some 50 MB. Further ticks count as not archived.</summary>
    private const int MaxIdentities = 1 << 20;

    private readonly Dictionary<ulong, long> _identities = [];
    private long _withoutIdentity;

    public long Count { get; private set; }

    public long Refused { get; set; }

    /// <summary>The number of ticks that were not removed; 0 if identities are not kept.</summary>
    public long Remaining => _identities.Count + _withoutIdentity;

    public void Add(scoped in Tick tick)
    {
        Count++;
        if (!keepsIdentities)
        {
            return;
        }

        if (_identities.Count < MaxIdentities)
        {
            _identities[TickIdentity.Of(tick)] = tick.TimestampMs;
        }
        else
        {
            _withoutIdentity++;
        }
    }

    public void Remove(scoped in Tick tick) => _identities.Remove(TickIdentity.Of(tick));

    public void RemoveAt(long timestampMs)
    {
        foreach (var identity in _identities.Where(tick => tick.Value == timestampMs).Select(tick => tick.Key).ToArray())
        {
            _identities.Remove(identity);
        }
    }
}
