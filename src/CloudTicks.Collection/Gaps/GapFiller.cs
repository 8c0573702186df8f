using System.Collections.Concurrent;
using CloudTicks.Collection.Delivery;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Fetches what is missing over REST, one slice of a gap at a time, and sends it the way that live ticks go. A gap is filled when all that
/// Polygon has of it is in the stream. What fails for now is tried again after growing pauses, what can never be had is unfillable. One at a
/// time, so that the first come first; one that is held up, by a request that hangs or is tried again, lets others go past it.
/// </summary>
/// <param name="ledger">The gaps.</param>
/// <param name="rest">Polygon.</param>
/// <param name="send">The delivery.</param>
/// <param name="partitions">Partitions of the archive.</param>
/// <param name="rankOf">The place of a symbol in the order of the configuration: the lower, the earlier.</param>
/// <param name="settings">Whether anything is fetched, and how long a gap waits before Polygon is asked: REST lags behind the feed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what cannot be filled.</param>
internal sealed class GapFiller(
    GapLedger ledger, PolygonRestClient rest, Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions,
    Func<Symbol, int> rankOf, Func<CollectorOptions> settings, TimeProvider time, ILogger logger)
{
    /// <summary>What is done of a longer gap survives a restart.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromHours(6);

    private const int MaxAttempts = 5;

    /// <summary>Records under way: what waits in memory is bounded by it.</summary>
    private const int MaxUnsafeRecords = 16;

    /// <summary>Gaps under way, all but the last held up.</summary>
    private const int MaxUnderWay = 4;

    /// <summary>A gap that takes longer is held up, or a long one, beside which another does no harm.</summary>
    private static readonly TimeSpan HeldUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<Guid, (int Attempts, long NotBefore)> _failed = [];

    /// <summary>Without bounds of age it remembers nothing.</summary>
    private static TickCheck Check { get; } = new(null, null);

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Fills what is there to fill, until it is stopped.</summary>
    /// <exception cref="CollectorException">The stream takes nothing more.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new List<(Task Filling, long Since)>();
        var look = Task.CompletedTask;
        try
        {
            while (true)
            {
                while (underWay.Count < MaxUnderWay && underWay.TrueForAll(filling => time.GetElapsedTime(filling.Since) >= HeldUp) && Next() is { } gap)
                {
                    underWay.Add((FillAsync(gap, ending.Token), time.GetTimestamp()));
                }

                look = look.IsCompleted ? Task.Delay(BetweenLooks, time, cancellationToken) : look;
                await Task.WhenAny([.. underWay.Select(filling => filling.Filling), look]);
                foreach (var ended in underWay.Where(filling => filling.Filling.IsCompleted).ToArray())
                {
                    underWay.Remove(ended);
                    await ended.Filling;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(underWay.Select(filling => filling.Filling)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The next gap to fill, or the newest slice of it, in state filling; null when there is none now.</summary>
    private FeedGap? Next()
    {
        if (settings() is not { Backfill: true, BackfillDelay: var delay })
        {
            return null;
        }

        var now = NowMs;
        var candidate = ledger.All()
            .Where(gap => gap is { State: GapState.Open, ToMs: not null } && gap.ToMs + (long)delay.TotalMilliseconds <= now
                && (!_failed.TryGetValue(gap.Id, out var failed) || failed.NotBefore <= now))
            .OrderBy(gap => rankOf(gap.Symbol)).ThenByDescending(gap => gap.FromMs).FirstOrDefault();
        if (candidate is null)
        {
            return null;
        }

        var sliceMs = (long)Slice.TotalMilliseconds;
        if (candidate.ToMs - candidate.FromMs < sliceMs || !PolygonRestClient.HasHistory(candidate.Symbol.Market, candidate.Kind))
        {
            return ledger.Change(candidate.Id, gap => gap is { State: GapState.Open, ToMs: not null } ? gap with { State = GapState.Filling } : null);
        }

        // The slice first: between the two changes ticks are in two gaps, never in none.
        var slice = ledger.PutApart(candidate with { Id = Guid.CreateVersion7(), FromMs = candidate.ToMs!.Value - sliceMs + 1, State = GapState.Filling, Recovered = 0 });
        ledger.Change(candidate.Id, gap => gap with { ToMs = Math.Min(gap.ToMs ?? long.MaxValue, slice.FromMs - 1) });
        return slice;
    }

    private async Task FillAsync(FeedGap gap, CancellationToken cancellationToken)
    {
        if (!PolygonRestClient.HasHistory(gap.Symbol.Market, gap.Kind))
        {
            End(gap, GapState.Unfillable, $"Polygon keeps no history of {gap.Kind.Name()}s of market {gap.Symbol.Market.Name()}.");
            return;
        }

        try
        {
            var refused = await FetchAsync(gap, cancellationToken);
            _failed.TryRemove(gap.Id, out _);
            End(gap, GapState.Filled, refused > 0 ? $"{refused} rows are no ticks that can be kept." : gap.Detail);
        }
        catch (PolygonRestException exception) when (exception.Failure is RestFailure.NotInPlan or RestFailure.BadRequest)
        {
            End(gap, GapState.Unfillable, exception.Message);
        }
        catch (PolygonRestException exception)
        {
            Postpone(gap, exception);
        }
    }

    /// <returns>Rows that are no ticks.</returns>
    private async Task<long> FetchAsync(FeedGap gap, CancellationToken cancellationToken)
    {
        var partition = gap.Symbol.PartitionOf(partitions);
        var builder = new TickBatchBuilder(partition, TickSource.Backfill);
        var unsafeRecords = new Queue<Task>();
        var (fetched, refused) = (0L, 0L);
        await foreach (var page in rest.ReadTicksAsync(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs!.Value, cancellationToken))
        {
            for (var more = true; more;)
            {
                more = Pack(page, gap, builder, ref fetched, ref refused);
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

            refused += page.Rejected;
            ledger.Change(gap.Id, known => known with { Recovered = Math.Max(known.Recovered, fetched) });
        }

        foreach (var record in unsafeRecords)
        {
            await record.WaitAsync(cancellationToken);
        }

        return refused;
    }

    /// <summary>Packs ticks of a page until the record is full.</summary>
    /// <returns>False at the page's end.</returns>
    private static bool Pack(TickPage page, FeedGap gap, TickBatchBuilder builder, ref long fetched, ref long refused)
    {
        Tick tick = default;
        while (page.Read(ref tick))
        {
            // By the ms: Polygon was asked in ns, and may count the borders otherwise.
            if (tick.TimestampMs < gap.FromMs || tick.TimestampMs > gap.ToMs)
            {
                continue;
            }

            if (Check.Check(ref tick) != TickRejection.None)
            {
                refused++;
                continue;
            }

            builder.Add(tick);
            fetched++;
            if (!builder.HasRoom)
            {
                return true;
            }
        }

        return false;
    }

    private void End(FeedGap gap, GapState state, string? detail)
    {
        if (ledger.Change(gap.Id, known => known with { State = state, Detail = detail }) is { } ended && state == GapState.Unfillable)
        {
            logger.GapUnfillable(ended.Symbol, ended.Kind, ended.FromMs, ended.ToMs, detail!);
        }
    }

    private void Postpone(FeedGap gap, PolygonRestException exception)
    {
        var attempts = (_failed.TryGetValue(gap.Id, out var before) ? before.Attempts : 0) + 1;
        if (exception.Failure == RestFailure.BadAnswer && attempts >= MaxAttempts)
        {
            _failed.TryRemove(gap.Id, out _);
            End(gap, GapState.Unfillable, exception.Message);
            return;
        }

        var pause = TimeSpan.FromSeconds(Math.Min(FirstPause.TotalSeconds * Math.Pow(2, attempts - 1), LongestPause.TotalSeconds));
        pause = exception.RetryAfter > pause ? exception.RetryAfter.Value : pause;
        _failed[gap.Id] = (attempts, NowMs + (long)pause.TotalMilliseconds);
        ledger.Change(gap.Id, known => known with { State = GapState.Open, Detail = exception.Message });
        logger.GapPostponed(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs, pause.TotalSeconds, exception.Message);
    }
}
