using CloudTicks.EventStream;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Fetches what is missing over REST, one slice of a gap at a time, and sends it the way that live ticks go. A gap is filled when all that
/// Polygon has of it is in the stream, and at least as many ticks came back as are known to be missing. What fails for now, or brings too
/// few, is tried again after growing pauses; what Polygon refuses, or does not bring in so many tries, is unfillable. One at a time, so
/// that the first come first; one that is held up, by a request that hangs or is tried again, lets others go past it.
/// </summary>
/// <param name="isSpoolEmpty">Whether all that was received is in the archive: before that, what is missing cannot be told from what
/// waits.</param>
/// <param name="settings">Whether anything is fetched, and how long a gap waits before Polygon is asked: REST lags behind the feed.</param>
internal sealed class GapFiller(
    GapLedger ledger, GapFetch fetch, ILiveTicks live, Func<bool> isSpoolEmpty, Func<Symbol, int> rankOf, Func<CollectorOptions> settings,
    TimeProvider time, ILogger logger)
{
    /// <summary>What is done of a longer gap survives a restart.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromHours(6);

    private const int MaxBadAnswers = 5;

    /// <summary>Gaps under way, all but the last held up.</summary>
    private const int MaxUnderWay = 4;

    /// <summary>A gap that takes longer is held up, or a long one, beside which another does no harm.</summary>
    private static readonly TimeSpan HeldUp = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly GapRetries _retries = new(time);
    private long? _historyFromMs;

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
                while (underWay.Count < MaxUnderWay && underWay.TrueForAll(filling => time.GetElapsedTime(filling.Since) >= HeldUp)
                    && Next() is { } gap)
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
                && _retries.IsDue(gap.Id) && (gap.Missing == 0 || isSpoolEmpty()))
            .OrderBy(gap => rankOf(gap.Symbol)).ThenByDescending(gap => gap.FromMs).FirstOrDefault();
        if (candidate is null)
        {
            return null;
        }

        var sliceMs = (long)Slice.TotalMilliseconds;
        if (candidate.ToMs - candidate.FromMs < sliceMs || !PolygonRestClient.HasHistory(candidate.Symbol.Market, candidate.Kind))
        {
            return ledger.Change(candidate.Id, gap => gap is { State: GapState.Open, ToMs: not null } ? gap with
            {
                State = GapState.Filling,
            } : null);
        }

        // The slice first: between the two changes ticks are in two gaps, never in none.
        var slice = ledger.PutApart(Piece(candidate) with { FromMs = candidate.ToMs!.Value - sliceMs + 1, State = GapState.Filling });
        ledger.Change(candidate.Id, gap => gap with { ToMs = Math.Min(gap.ToMs ?? long.MaxValue, slice.FromMs - 1), Loss = slice.Loss });
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
            var fetched = await fetch.RunAsync(
                gap, count => ledger.Change(gap.Id, known => known with { Recovered = Math.Max(known.Recovered, count) }),
                cancellationToken);
            if (gap.Missing > 0)
            {
                await live.RemoveDeliveredAsync(gap, fetched, cancellationToken);
                ledger.Change(gap.Id, known => known with { Restored = fetched.Remaining });
            }

            Judge(gap, fetched.Refused > 0 ? $"{fetched.Refused} rows are no ticks that can be kept." : null);
        }
        catch (PolygonRestException exception) when (exception.Failure is RestFailure.NotInPlan or RestFailure.BadRequest)
        {
            await RefusedAsync(gap, exception, cancellationToken);
        }
        catch (PolygonRestException exception)
        {
            PutOff(gap, exception);
        }
        catch (EventStreamException exception)
        {
            PutOff(gap, exception.Message, _retries.PutOff(gap.Id, isShort: false).Pause);
        }
    }

    /// <summary>The beginning of the gap may be older than Polygon's history, and its end not.</summary>
    private async Task RefusedAsync(FeedGap gap, PolygonRestException refusal, CancellationToken cancellationToken)
    {
        try
        {
            if (refusal.Failure != RestFailure.NotInPlan
                || await fetch.FindHistoryAsync(gap, _historyFromMs, cancellationToken) is not { } fromMs)
            {
                End(gap, GapState.Unfillable, Refusal(gap, refusal));
                return;
            }

            _historyFromMs = fromMs;
            // The older part first, so that no tick is in no gap.
            var older = ledger.PutApart(Piece(gap) with { ToMs = fromMs - 1, State = GapState.Open });
            ledger.Change(gap.Id, known => known with { FromMs = fromMs, State = GapState.Open, Loss = older.Loss });
            End(older, GapState.Unfillable, Refusal(older, refusal));
        }
        catch (PolygonRestException exception)
        {
            PutOff(gap, exception);
        }
    }

    private static string Refusal(FeedGap gap, PolygonRestException refusal) =>
        gap.Missing > 0 ? $"{Ticks(gap.Missing)} known to be missing, and not to be had: {refusal.Message}" : refusal.Message;

    /// <summary>A part of a gap, which shares the number of missing ticks with the rest of it.</summary>
    private static FeedGap Piece(FeedGap gap) =>
        gap with { Id = Guid.CreateVersion7(), Recovered = 0, Restored = 0, Loss = gap.Missing > 0 ? gap.LossId : null };

    /// <summary>Decides what becomes of a gap that was fetched: what is known to be missing must have come back.</summary>
    private void Judge(FeedGap gap, string? detail)
    {
        FeedGap[] loss = gap.Missing == 0 ? [gap] : [.. ledger.All().Where(one => one.Missing > 0 && one.LossId == gap.LossId)];
        var left = gap.Missing - loss.Sum(one => one.Restored);
        if (left <= 0)
        {
            // The detail of one that was put off says why, which is over.
            End(gap, GapState.Filled, detail ?? (_retries.WasPutOff(gap.Id) ? null : gap.Detail));
            // They were put off for what this one brought.
            foreach (var other in loss.Where(other => other.Id != gap.Id && other.State == GapState.Open && _retries.Short(other.Id) > 0))
            {
                End(other, GapState.Filled, detail: null);
            }

            return;
        }

        var (times, pause) = _retries.PutOff(gap.Id, isShort: true);
        var shared = loss.Length > 1 ? $", of this and {loss.Length - 1} other gaps of the same loss" : "";
        var missing = $"{left} of {Ticks(gap.Missing)} known to be missing did not come back{shared}";
        if (times >= settings().BackfillTries)
        {
            End(gap, GapState.Unfillable, $"{missing}, in {times} tries: Polygon's history does not have them.");
        }
        else
        {
            PutOff(gap, $"{missing}, in {times} of {settings().BackfillTries} tries.", pause);
        }
    }

    private static string Ticks(long count) => count == 1 ? "1 tick" : $"{count} ticks";

    private void End(FeedGap gap, GapState state, string? detail)
    {
        _retries.Forget(gap.Id);
        if (ledger.Change(gap.Id, known => known with { State = state, Detail = detail }) is { } ended && state == GapState.Unfillable)
        {
            logger.GapUnfillable(ended.Symbol, ended.Kind, ended.FromMs, ended.ToMs, detail!);
        }
    }

    private void PutOff(FeedGap gap, PolygonRestException exception)
    {
        var (times, pause) = _retries.PutOff(gap.Id, isShort: false, exception.RetryAfter);
        if (exception.Failure == RestFailure.BadAnswer && times >= MaxBadAnswers)
        {
            End(gap, GapState.Unfillable, exception.Message);
            return;
        }

        PutOff(gap, exception.Message, pause);
    }

    private void PutOff(FeedGap gap, string reason, TimeSpan pause)
    {
        ledger.Change(gap.Id, known => known with { State = GapState.Open, Detail = reason });
        logger.GapPostponed(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs, pause.TotalSeconds, reason);
    }
}
