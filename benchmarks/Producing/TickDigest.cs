using System.Globalization;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>A digest of the ticks in each partition and of their order.</summary>
internal sealed class TickDigest(int partitions)
{
    /// <summary>The prime of the FNV hashes of 64 bits.</summary>
    private const ulong Prime = 1_099_511_628_211;

    private readonly ulong[] _hashes = new ulong[partitions];
    private long _ticks;

    /// <summary>Adds the ticks of a record.</summary>
    public void Add(int partition, TickBatchReader record)
    {
        Tick tick = default;
        while (record.TryRead(ref tick))
        {
            Add(partition, TickIdentity.Of(tick));
        }
    }

    public void Add(int partition, ulong identity)
    {
        _hashes[partition] = unchecked((_hashes[partition] ^ identity) * Prime);
        _ticks++;
    }

    /// <summary>The number of ticks, and one hash of all partitions.</summary>
    public override string ToString()
    {
        var all = _hashes.Aggregate(0UL, (sum, hash) => unchecked((sum ^ hash) * Prime));
        return string.Create(CultureInfo.InvariantCulture, $"{_ticks:N0} ticks, {all:x16}");
    }
}
