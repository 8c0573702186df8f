using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Turns what is known of coverage into gaps. A channel that was covered and is not has a gap from its last tick on, which ends when it is
/// covered again; both with a margin, for a gap that is too long costs a few ticks that are there already, and one that is too short loses
/// some. It only changes the ledger, so that it may be told from any thread.
/// </summary>
internal sealed class GapTracker(
    GapLedger ledger, Func<Symbol, SymbolActivity?> activity, Func<TimeSpan> lookBack, TimeProvider time)
{
    /// <summary>Added at both ends: ticks come out of order, and clocks differ.</summary>
    public const long MarginMs = 2_000;

    private const string HandoverCause = "handover";

    /// <summary>Gaps of a channel that lie no further apart are one.</summary>
    private const long MergeMs = 10_000;

    /// <summary>Option contracts are looked up after the start; what is wanted even later is wanted anew.</summary>
    private const long LateSelectionMs = 10 * 60_000;

    /// <summary>Times that are further behind are recorded ones, which tell nothing of the feed's clock.</summary>
    private const long MaxLagMs = 24 * 3_600_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<FeedChannel, long> _coveredSince = [];
    private readonly Dictionary<FeedChannel, Guid> _lasting = [];
    private readonly Dictionary<FeedChannel, (long UpToMs, string FoundBy)> _notYetWanted = [];
    private HashSet<FeedChannel> _wanted = [];
    private long _resumedAtMs;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Gaps of the ledger that lasted when the last run ended last on, where their channels are still to be covered.</summary>
    public void Resume(IEnumerable<FeedChannel> wanted)
    {
        lock (_gate)
        {
            (_wanted, _resumedAtMs) = ([.. wanted], NowMs);
            foreach (var gap in ledger.All().Where(gap => gap.ToMs is null))
            {
                var channel = new FeedChannel(gap.Symbol, gap.Kind);
                if (_wanted.Contains(channel) && IsOfCoverage(gap) && _lasting.TryAdd(channel, gap.Id))
                {
                    continue;
                }

                // Nobody wants it any more, or the one who told of it has gone.
                ledger.Change(gap.Id, known => known with { ToMs = Math.Max(known.FromMs, NowMs) });
                _notYetWanted.TryAdd(channel, (NowMs, "the last run's own account"));
            }
        }
    }

    /// <summary>Opens gaps for channels that an earlier run or another collector covered up to these times.</summary>
    public void OpenSince(IReadOnlyDictionary<FeedChannel, long> upTo, string foundBy)
    {
        lock (_gate)
        {
            foreach (var (channel, mark) in upTo)
            {
                if (_wanted.Contains(channel))
                {
                    Open(channel, mark, "start", foundBy, null);
                }
                else
                {
                    _notYetWanted.TryAdd(channel, (mark, foundBy));
                }
            }
        }
    }

    /// <summary>Opens gaps for channels that move from another collector to this one.</summary>
    public void TakeOver(IReadOnlyDictionary<FeedChannel, long> upTo, string foundBy)
    {
        lock (_gate)
        {
            foreach (var (channel, mark) in upTo)
            {
                // What this collector itself saw of the channel may be long ago, and another's since.
                OpenFrom(channel, mark - MarginMs, HandoverCause, foundBy, null);
            }
        }
    }

    public void SetWanted(IEnumerable<FeedChannel> wanted)
    {
        lock (_gate)
        {
            _wanted = [.. wanted];
            foreach (var (channel, last) in _notYetWanted.Where(channel => _wanted.Contains(channel.Key)).ToArray())
            {
                _notYetWanted.Remove(channel);
                if (NowMs - _resumedAtMs < LateSelectionMs)
                {
                    Open(channel, last.UpToMs, "start", last.FoundBy, null);
                }
            }

            foreach (var channel in _lasting.Keys.Where(channel => !_wanted.Contains(channel)).ToArray())
            {
                Close(channel, NowMs);
            }
        }
    }

    public void OnCoverage(IReadOnlyList<CoverageChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                if (change.IsCovered)
                {
                    _coveredSince.TryAdd(change.Channel, change.AtMs);
                    Close(change.Channel, change.AtMs + MarginMs);
                }
                else if (_coveredSince.Remove(change.Channel) && change.Cause != LossCause.Unsubscribed)
                {
                    Open(change.Channel, change.AtMs, NameOf(change.Cause), "the session that held it", change.Detail);
                }
                else if (change.Cause == LossCause.Unsubscribed)
                {
                    Close(change.Channel, change.AtMs);
                }
            }
        }
    }

    /// <summary>Received ticks did not reach the archive; called again when there are more, or their end is known.</summary>
    public void OnMissed(MissedTicks missed)
    {
        var known = ledger.Find(missed.Id);
        ledger.Put(new FeedGap(
            missed.Id, missed.Symbol, missed.Kind, missed.FromMs, missed.ToMs is { } to ? Math.Max(to, missed.FromMs) : null, missed.Cause,
            "the spool", GapState.Open, known?.Recovered ?? 0, missed.Detail, 0, (known?.Missing ?? 0) + missed.Count, known?.Restored
                ?? 0, missed.Loss));
    }

    /// <summary>The channels that are covered, with the time up to which everything received of them is safe.</summary>
    /// <param name="safeMs">What was received before is in the archive or in the spool, Unix ms, UTC.</param>
    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Marks(long safeMs)
    {
        lock (_gate)
        {
            // Covered later than that: nothing of it may be safe yet.
            return [.. _coveredSince.Select(
                channel => KeyValuePair.Create(channel.Key, Math.Max(channel.Value, safeMs) - LagMs(channel.Key)))];
        }
    }

    /// <summary>How far the feed's times are behind our clock: those of a delayed feed are, and a gap is in the feed's times.</summary>
    private long LagMs(FeedChannel channel) =>
        activity(channel.Symbol)?.Of(channel.Kind) is { LastReceivedMs: { } received, LastTimestampMs: { } timestamp }
            && received - timestamp is var lag and > 0 && lag <= MaxLagMs ? lag : 0;

    /// <summary>From the last tick on, as the feed stamps it: it may lag behind our clock by a quarter of an hour.</summary>
    private void Open(FeedChannel channel, long atMs, string cause, string foundBy, string? detail)
    {
        if (_lasting.ContainsKey(channel))
        {
            return;
        }

        var last = activity(channel.Symbol)?.Of(channel.Kind).LastTimestampMs;
        OpenFrom(channel, Math.Min(last ?? atMs, atMs) - MarginMs, cause, foundBy, detail);
    }

    private void OpenFrom(FeedChannel channel, long from, string cause, string foundBy, string? detail)
    {
        if (_lasting.ContainsKey(channel))
        {
            return;
        }

        var most = lookBack();
        var earliest = NowMs - (long)most.TotalMilliseconds;
        if (from < earliest)
        {
            detail = $"{detail} What is older than {most.TotalDays:0.##} days is left out (Collector:BackfillLookBack).".TrimStart();
            from = earliest;
        }

        var earlier =
            ledger.UnfilledOf(channel).LastOrDefault(gap => IsOfCoverage(gap) && gap.ToMs >= from - MergeMs && gap.FromMs <= from);
        var gap = earlier is null ? null
            : ledger.Change(earlier.Id, known => known.State == GapState.Open ? known with
            {
                ToMs = null,
                Detail = detail ?? known.Detail,
            } : null);
        gap ??= ledger.Put(
            new FeedGap(Guid.CreateVersion7(), channel.Symbol, channel.Kind, from, null, cause, foundBy, GapState.Open, 0, detail, 0));
        _lasting[channel] = gap.Id;
    }

    private void Close(FeedChannel channel, long atMs)
    {
        if (_lasting.Remove(channel, out var id))
        {
            ledger.Change(id, gap => gap.ToMs is null ? gap with { ToMs = Math.Max(gap.FromMs, atMs) } : null);
        }
    }

    private static bool IsOfCoverage(FeedGap gap) =>
        gap.Cause is "start" or HandoverCause or "disconnected" or "stale" or "connection_limit" or "taken_back";

    private static string NameOf(LossCause cause) => cause switch
    {
        LossCause.Disconnected => "disconnected",
        LossCause.Stale => "stale",
        LossCause.ConnectionLimit => "connection_limit",
        LossCause.TakenBack => "taken_back",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "It is no loss."),
    };
}
