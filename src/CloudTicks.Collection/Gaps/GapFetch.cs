using CloudTicks.Collection.Records;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Fetches the ticks of a gap over REST and sends them the same way as live ticks.</summary>
internal sealed class GapFetch(PolygonRestClient rest, Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions)
{
    /// <summary>Maximum number of records in flight. It bounds the memory.</summary>
    private const int MaxUnsafeRecords = 16;

    /// <summary>Without age limits, because the ticks of a gap may be old.</summary>
    private readonly TickCheck _check = new(null, null);

    public Func<bool> RefusesCrossedCurrencies { get; init; } = () => false;

    /// <summary>Fetches a gap. When the task completes, every fetched tick is in the archive or the spool.</summary>
    /// <exception cref="PolygonRestException">A request failed.</exception>
    public async Task<FetchedTicks> RunAsync(FeedGap gap, Action<long> progress, CancellationToken cancellationToken)
    {
        var partition = gap.Symbol.PartitionOf(partitions);
        var builder = new TickBatchBuilder(partition, TickSource.Backfill);
        var unsafeRecords = new Queue<Task>();
        var fetched = new FetchedTicks(keepsIdentities: gap.Missing > 0);
        await foreach (var page in rest.ReadTicksAsync(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs!.Value, cancellationToken))
        {
            for (var isFull = true; isFull;)
            {
                isFull = Pack(page, gap, builder, fetched);
                if (builder.Count > 0)
                {
                    var record = new OutgoingRecord(partition, builder.ToRecord(), builder.Count);
                    builder.Clear();
                    unsafeRecords.Enqueue(await send(record, cancellationToken));
                }

                while (unsafeRecords.Count > MaxUnsafeRecords)
                {
                    await unsafeRecords.Dequeue().WaitAsync(cancellationToken);
                }
            }

            fetched.Refused += page.Rejected;
            progress(fetched.Count);
        }

        foreach (var record in unsafeRecords)
        {
            await record.WaitAsync(cancellationToken);
        }

        return fetched;
    }

    /// <summary>Finds, by bisection, where Polygon's history begins within a gap whose beginning Polygon refused.</summary>
    /// <returns>The first Unix ms that Polygon serves; null when Polygon refuses the whole gap.</returns>
    /// <exception cref="PolygonRestException">A request failed for another reason.</exception>
    public async Task<long?> FindHistoryAsync(FeedGap gap, long? guessMs, CancellationToken cancellationToken)
    {
        var (refusedMs, servedMs) = (gap.FromMs, gap.ToMs!.Value);
        if (servedMs == refusedMs || !await IsServedAsync(gap, servedMs, cancellationToken))
        {
            return null;
        }

        var candidateMs = guessMs ?? long.MinValue;
        while (servedMs - refusedMs > 1)
        {
            // Try the guess and then the ms before it: if the guess is right, two requests are enough.
            candidateMs = candidateMs > refusedMs && candidateMs < servedMs ? candidateMs : refusedMs + ((servedMs - refusedMs) / 2);
            if (await IsServedAsync(gap, candidateMs, cancellationToken))
            {
                (servedMs, candidateMs) = (candidateMs, candidateMs == guessMs ? candidateMs - 1 : long.MinValue);
            }
            else
            {
                (refusedMs, candidateMs) = (candidateMs, long.MinValue);
            }
        }

        return servedMs;
    }

    private async Task<bool> IsServedAsync(FeedGap gap, long ms, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in rest.ReadTicksAsync(gap.Symbol, gap.Kind, ms, ms, cancellationToken))
            {
                _ = page;
            }

            return true;
        }
        catch (PolygonRestException exception) when (exception.Failure == RestFailure.NotInPlan)
        {
            return false;
        }
    }

    private bool Pack(TickPage page, FeedGap gap, TickBatchBuilder builder, FetchedTicks fetched)
    {
        _check.RefusesCrossedCurrencies = RefusesCrossedCurrencies();
        Tick tick = default;
        while (page.Read(ref tick))
        {
            // Filtered by ms, because Polygon filters by ns and may treat the bounds differently.
            if (tick.TimestampMs < gap.FromMs || tick.TimestampMs > gap.ToMs)
            {
                continue;
            }

            if (_check.Check(ref tick) != TickRejection.None)
            {
                fetched.Refused++;
                continue;
            }

            builder.Add(tick);
            fetched.Add(tick);
            if (!builder.HasRoom)
            {
                return true;
            }
        }

        return false;
    }
}
