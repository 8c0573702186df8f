using CloudTicks.EventStream;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Fills gaps over REST in slices, and sends the ticks the same way as live ticks. A gap is filled when all of Polygon's ticks for it are
/// archived or spooled, and at least as many ticks were restored as are known to be missing. A fetch that fails or restores too few ticks
/// is retried with growing pauses. A gap is unfillable when Polygon refuses it, has no history for it or repeatedly returns invalid
/// responses, or when too few ticks were restored after the maximum number of fetches. Gaps are filled one at a
/// time in order of rank; while a fetch is slow, the next one starts in parallel.
/// </summary>
/// <param name="isSpoolEmpty">
/// Whether everything received is in the archive. While ticks are in the spool, they cannot be distinguished from missing ticks.
/// </param>
/// <param name="settings">Returns the current options: whether gaps are filled, and how long a gap waits before its fetch.</param>
internal sealed class GapFiller(
    GapLedger ledger, GapFetch fetch, ILiveTicks live, Func<bool> isSpoolEmpty, Func<Symbol, int> rankOf, Func<CollectorOptions> settings,
    TimeProvider time, ILogger logger)
{
    /// <summary>Maximum length of one fetch. A longer gap is filled in slices, so that a restart keeps the progress.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromHours(6);

    private const int MaxBadResponses = 5;

    /// <summary>Maximum number of concurrent fetches. A further fetch starts only when all others are slow.</summary>
    private const int MaxConcurrentFetches = 4;

    /// <summary>The time after which a fetch counts as slow, so that the next one starts in parallel.</summary>
    private static readonly TimeSpan SlowFetchTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly GapRetries _retries = new(time);
    private long? _historyFromMs;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Fills gaps until stopped.</summary>
    /// <exception cref="CollectorException">The delivery accepts no more records.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var runEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var fetches = new List<(Task Filling, long Since)>();
        var poll = Task.CompletedTask;
        try
        {
            while (true)
            {
                while (fetches.Count < MaxConcurrentFetches
                    && fetches.TrueForAll(filling => time.GetElapsedTime(filling.Since) >= SlowFetchTime)
                    && Next() is { } gap)
                {
                    fetches.Add((FillAsync(gap, runEnd.Token), time.GetTimestamp()));
                }

                poll = poll.IsCompleted ? Task.Delay(PollInterval, time, cancellationToken) : poll;
                await Task.WhenAny([.. fetches.Select(filling => filling.Filling), poll]);
                foreach (var ended in fetches.Where(filling => filling.Filling.IsCompleted).ToArray())
                {
                    fetches.Remove(ended);
                    await ended.Filling;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await runEnd.CancelAsync();
            await Task.WhenAll(fetches.Select(filling => filling.Filling)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns the next gap to fill, or its newest slice, and sets its state to filling; null when no gap is due.</summary>
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

        // Add the slice before shortening the gap, so that every tick stays in a gap.
        var slice = ledger.AddSeparate(Piece(candidate) with { FromMs = candidate.ToMs!.Value - sliceMs + 1, State = GapState.Filling });
        ledger.Change(candidate.Id, gap => gap with { ToMs = Math.Min(gap.ToMs ?? long.MaxValue, slice.FromMs - 1), Loss = slice.Loss });
        return slice;
    }

    private async Task FillAsync(FeedGap gap, CancellationToken cancellationToken)
    {
        if (!PolygonRestClient.HasHistory(gap.Symbol.Market, gap.Kind))
        {
            End(gap, GapState.Unfillable, $"Polygon has no history of {gap.Kind.Name()}s of market {gap.Symbol.Market.Name()}.");
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

            Complete(gap, fetched.Refused > 0 ? $"Polygon's history has rows that are not valid ticks: {fetched.Refused}." : null);
        }
        catch (PolygonRestException exception) when (exception.Failure is RestFailure.NotInPlan or RestFailure.BadRequest)
        {
            await OnRefusedAsync(gap, exception, cancellationToken);
        }
        catch (PolygonRestException exception)
        {
            Postpone(gap, exception);
        }
        catch (EventStreamException exception)
        {
            Postpone(gap, exception.Message, _retries.Postpone(gap.Id, isShort: false).Pause);
        }
    }

    /// <summary>Splits a gap that begins before Polygon's history; any other refused gap is unfillable.</summary>
    private async Task OnRefusedAsync(FeedGap gap, PolygonRestException refusal, CancellationToken cancellationToken)
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
            // Add the older part first, so that every tick stays in a gap.
            var older = ledger.AddSeparate(Piece(gap) with { ToMs = fromMs - 1, State = GapState.Open });
            ledger.Change(gap.Id, known => known with { FromMs = fromMs, State = GapState.Open, Loss = older.Loss });
            End(older, GapState.Unfillable, Refusal(older, refusal));
        }
        catch (PolygonRestException exception)
        {
            Postpone(gap, exception);
        }
    }

    private static string Refusal(FeedGap gap, PolygonRestException refusal) =>
        gap.Missing > 0 ? $"{Ticks(gap.Missing)} known to be missing cannot be fetched: {refusal.Message}" : refusal.Message;

    /// <summary>Creates a gap for a part of another gap. Both share the number of missing ticks.</summary>
    private static FeedGap Piece(FeedGap gap) =>
        gap with { Id = Guid.CreateVersion7(), Recovered = 0, Restored = 0, Loss = gap.Missing > 0 ? gap.LossId : null };

    /// <summary>Decides whether a fetched gap is filled: all ticks known to be missing must have been restored.</summary>
    private void Complete(FeedGap gap, string? detail)
    {
        FeedGap[] lossGaps = gap.Missing == 0 ? [gap] : [.. ledger.All().Where(other => other.Missing > 0 && other.LossId == gap.LossId)];
        var remaining = gap.Missing - lossGaps.Sum(other => other.Restored);
        if (remaining <= 0)
        {
            // The detail of a postponed gap is the reason for the delay, which no longer applies.
            End(gap, GapState.Filled, detail ?? (_retries.IsPostponed(gap.Id) ? null : gap.Detail));
            // Postponed gaps of the same loss are filled too: they lacked only ticks that this gap has restored.
            foreach (var other in lossGaps.Where(
                other => other.Id != gap.Id && other.State == GapState.Open && _retries.ShortFetches(other.Id) > 0))
            {
                End(other, GapState.Filled, detail: null);
            }

            return;
        }

        var (fetchCount, pause) = _retries.Postpone(gap.Id, isShort: true);
        var others = lossGaps.Length == 2 ? "1 other gap" : $"{lossGaps.Length - 1} other gaps";
        var shared = lossGaps.Length > 1 ? $", counting this and {others} of the same loss" : "";
        var missing = $"{remaining} of {Ticks(gap.Missing)} known to be missing were not restored{shared}";
        if (fetchCount >= settings().BackfillTries)
        {
            End(gap, GapState.Unfillable, $"{missing} after {fetchCount} fetches: Polygon's history does not have them.");
        }
        else
        {
            Postpone(gap, $"{missing} after {fetchCount} of {settings().BackfillTries} fetches.", pause);
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

    private void Postpone(FeedGap gap, PolygonRestException exception)
    {
        var (fetchCount, pause) = _retries.Postpone(gap.Id, isShort: false, exception.RetryAfter);
        if (exception.Failure == RestFailure.BadResponse && fetchCount >= MaxBadResponses)
        {
            End(gap, GapState.Unfillable, exception.Message);
            return;
        }

        Postpone(gap, exception.Message, pause);
    }

    private void Postpone(FeedGap gap, string reason, TimeSpan pause)
    {
        ledger.Change(gap.Id, known => known with { State = GapState.Open, Detail = reason });
        logger.GapPostponed(gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs, pause.TotalSeconds, reason);
    }
}
