using CloudTicks.Collection.Records;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Fetches the ticks of a gap over REST, and sends them the way that live ticks go.</summary>
internal sealed class GapFetch(PolygonRestClient rest, Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions)
{
    /// <summary>Records under way: what waits in memory is bounded by it.</summary>
    private const int MaxUnsafeRecords = 16;

    /// <summary>Without bounds of age it remembers nothing.</summary>
    private readonly TickCheck _check = new(null, null);

    public Func<bool> RefusesCrossedCurrencies { get; init; } = () => false;

    /// <summary>Fetches a gap; on return every tick is in the archive or the spool. May throw PolygonRestException.</summary>
    public async Task<FetchedTicks> RunAsync(FeedGap gap, Action<long> progress, CancellationToken cancellationToken)
    {
        var partition = gap.Symbol.PartitionOf(partitions);
        var builder = new TickBatchBuilder(partition, TickSource.Backfill);
        var unsafeRecords = new Queue<Task>();
        var fetched = new FetchedTicks(keepsIdentities: gap.Missing > 0);
        await foreach (var page in rest.ReadTicksAsync(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs!.Value, cancellationToken))
        {
            for (var more = true; more;)
            {
                more = Pack(page, gap, builder, fetched);
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

    /// <summary>Finds where Polygon's history begins within a gap whose beginning it refused, by halves.</summary>
    /// <returns>The first Unix ms that is answered, later than the gap's first; null when its last one is refused, too.</returns>
    /// <exception cref="PolygonRestException">Polygon does not answer.</exception>
    public async Task<long?> FindHistoryAsync(FeedGap gap, long? guessMs, CancellationToken cancellationToken)
    {
        var (refused, answered) = (gap.FromMs, gap.ToMs!.Value);
        if (answered == refused || !await AnswersAsync(gap, answered, cancellationToken))
        {
            return null;
        }

        var next = guessMs ?? long.MinValue;
        while (answered - refused > 1)
        {
            // The guess and the ms before it: when it holds, two requests are enough.
            next = next > refused && next < answered ? next : refused + ((answered - refused) / 2);
            if (await AnswersAsync(gap, next, cancellationToken))
            {
                (answered, next) = (next, next == guessMs ? next - 1 : long.MinValue);
            }
            else
            {
                (refused, next) = (next, long.MinValue);
            }
        }

        return answered;
    }

    private async Task<bool> AnswersAsync(FeedGap gap, long ms, CancellationToken cancellationToken)
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
            // By the ms: Polygon was asked in ns, and may count the borders otherwise.
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
