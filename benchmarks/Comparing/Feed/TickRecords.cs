using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>The records of one partition of the archive.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Values">The TickBatch records, in order.</param>
public sealed record TickRecords(int Partition, IReadOnlyList<ReadOnlyMemory<byte>> Values)
{
    /// <summary>The number of partitions of <c>tick_archive</c>.</summary>
    private const int Partitions = 32;

    /// <summary>The time from a tick's timestamp to its receipt, constant so that every run packs the same bytes.</summary>
    private const int TransitMs = 7;

    /// <summary>Packs the ticks of frames as the collector does.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="ticksPerRecord">The maximum number of ticks per record.</param>
    /// <param name="repeat">Selects, by identity, the ticks that are followed by a duplicate; null for none.</param>
    /// <param name="isLate">Whether ticks have varying transit times, like real ones.</param>
    /// <returns>The partitions that have ticks.</returns>
    public static IReadOnlyList<TickRecords> Pack(
        TickFrames frames, int ticksPerRecord, Predicate<ulong>? repeat = null, bool isLate = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var reader = new FrameReader(frames.Market, new SymbolDictionary());
        var batches = Enumerable.Range(0, Partitions).Select(partition => new TickBatchBuilder(partition, TickSource.Live)).ToList();
        var records = batches.Select(_ => new List<ReadOnlyMemory<byte>>()).ToList();
        Tick tick = default;
        foreach (var frame in frames.Frames)
        {
            reader.Open(frame, 0);
            for (var kind = reader.Read(ref tick); kind != ElementKind.End; kind = reader.Read(ref tick))
            {
                if (kind != ElementKind.Tick)
                {
                    throw new InvalidOperationException($"A frame contains {kind} instead of a tick ({reader.Rejection}).");
                }

                tick.ReceivedMs = tick.TimestampMs + (isLate ? TickTransit.MsOf(tick) : TransitMs);
                var partition = tick.Symbol.PartitionOf(Partitions);
                Add(tick, batches[partition], records[partition]);
                if (repeat is not null && repeat(Ticks.Identity.TickIdentity.Of(tick)))
                {
                    Add(tick, batches[partition], records[partition]);
                }
            }
        }

        for (var partition = 0; partition < Partitions; partition++)
        {
            Flush(batches[partition], records[partition]);
        }

        return [.. records.Select((values, partition) => new TickRecords(partition, values))
            .Where(partition => partition.Values.Count > 0)];

        void Add(scoped in Tick added, TickBatchBuilder batch, List<ReadOnlyMemory<byte>> values)
        {
            batch.Add(added);
            if (batch.Count == ticksPerRecord || !batch.HasRoom)
            {
                Flush(batch, values);
            }
        }
    }

    private static void Flush(TickBatchBuilder batch, List<ReadOnlyMemory<byte>> values)
    {
        if (batch.Count > 0)
        {
            values.Add(batch.ToRecord());
            batch.Clear();
        }
    }
}
