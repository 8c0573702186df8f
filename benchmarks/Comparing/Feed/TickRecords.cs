using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>The records of one partition of the archive.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Values">TickBatch records in their order.</param>
public sealed record TickRecords(int Partition, IReadOnlyList<ReadOnlyMemory<byte>> Values)
{
    /// <summary>The partitions of <c>tick_archive</c>.</summary>
    private const int Partitions = 32;

    /// <summary>From the feed's time of a tick until it was received: the same whenever it is packed.</summary>
    private const int OnTheWayMs = 7;

    /// <summary>Packs the ticks of frames as the collector does.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="ticksPerRecord">Most ticks of a record.</param>
    /// <param name="repeat">Which ticks, by their identity, stand a second time behind themselves; null for none.</param>
    /// <param name="isLate">Whether ticks take different times on their way, as real ones do.</param>
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
                    throw new InvalidOperationException($"A frame holds {kind} ({reader.Rejection}).");
                }

                tick.ReceivedMs = tick.TimestampMs + (isLate ? TransitMs.Of(tick) : OnTheWayMs);
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
