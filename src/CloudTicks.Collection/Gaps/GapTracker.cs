using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Turns changes in coverage into gaps. When a channel is no longer covered, a gap begins with its last tick, and ends when the channel is
/// covered again. Both ends get a margin: if a gap is too long, some ticks are fetched twice; if it is too short, some ticks are lost.
/// Thread-safe.
/// </summary>
internal sealed class GapTracker(
    GapLedger ledger, Func<Symbol, SymbolActivity?> activity, Func<TimeSpan> lookBack, TimeProvider time)
{
    /// <summary>Margin at both ends of a gap, because ticks arrive out of order and clocks differ.</summary>
    public const long MarginMs = 2_000;

    private const string HandoverCause = "handover";

    /// <summary>Gaps of a channel that are at most this far apart are merged.</summary>
    private const long MaxMergeGapMs = 10_000;

    /// <summary>
    /// A channel that is selected within this time after the start gets a gap that begins at the end of the last run. Option contracts are
    /// selected late, because they must be looked up first.
    /// </summary>
    private const long MaxLateSelectionMs = 10 * 60_000;

    /// <summary>A larger delay of the feed's timestamps is treated as zero: it occurs only with replayed ticks.</summary>
    private const long MaxLagMs = 24 * 3_600_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<FeedChannel, long> _coveredSince = [];
    private readonly Dictionary<FeedChannel, Guid> _ongoing = [];
    private readonly Dictionary<FeedChannel, (long UpToMs, string FoundBy)> _earlierMarks = [];
    private HashSet<FeedChannel> _wanted = [];
    private long _resumedAtMs;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Continues the last run's ongoing gaps of channels that are still wanted, and closes the other ongoing gaps.</summary>
    public void Resume(IEnumerable<FeedChannel> wanted)
    {
        lock (_gate)
        {
            (_wanted, _resumedAtMs) = ([.. wanted], NowMs);
            foreach (var gap in ledger.All().Where(gap => gap.ToMs is null))
            {
                var channel = new FeedChannel(gap.Symbol, gap.Kind);
                if (_wanted.Contains(channel) && IsCoverageGap(gap) && _ongoing.TryAdd(channel, gap.Id))
                {
                    continue;
                }

                // The channel is no longer wanted, or the gap is one of dropped ticks, which only the last run could have ended.
                ledger.Change(gap.Id, known => known with { ToMs = Math.Max(known.FromMs, NowMs) });
                _earlierMarks.TryAdd(channel, (NowMs, "the coverage marks of the last run"));
            }
        }
    }

    /// <summary>
    /// Opens gaps for the wanted channels that an earlier run covered up to these times. The times of the other channels are used if these
    /// are selected soon.
    /// </summary>
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
                    _earlierMarks.TryAdd(channel, (mark, foundBy));
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
                // Ignores this collector's own last tick of the channel, because another collector has held the channel since.
                OpenFrom(channel, mark - MarginMs, HandoverCause, foundBy, null);
            }
        }
    }

    public void SetWanted(IEnumerable<FeedChannel> wanted)
    {
        lock (_gate)
        {
            _wanted = [.. wanted];
            foreach (var (channel, last) in _earlierMarks.Where(channel => _wanted.Contains(channel.Key)).ToArray())
            {
                _earlierMarks.Remove(channel);
                if (NowMs - _resumedAtMs < MaxLateSelectionMs)
                {
                    Open(channel, last.UpToMs, "start", last.FoundBy, null);
                }
            }

            foreach (var channel in _ongoing.Keys.Where(channel => !_wanted.Contains(channel)).ToArray())
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

    /// <summary>
    /// Records dropped ticks. Called again for the same gap, with the number of further ticks, when the end of the gap is known.
    /// </summary>
    public void OnMissed(MissedTicks missed)
    {
        var known = ledger.Find(missed.Id);
        ledger.Put(new FeedGap(
            missed.Id, missed.Symbol, missed.Kind, missed.FromMs, missed.ToMs is { } to ? Math.Max(to, missed.FromMs) : null, missed.Cause,
            "the spool", GapState.Open, known?.Recovered ?? 0, missed.Detail, 0, (known?.Missing ?? 0) + missed.Count, known?.Restored
                ?? 0, missed.Loss));
    }

    /// <summary>The covered channels, each with the time up to which its received ticks are archived or spooled, Unix ms, UTC.</summary>
    /// <param name="safeMs">Ticks received before this Unix ms, UTC, are in the archive or in the spool.</param>
    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Marks(long safeMs)
    {
        lock (_gate)
        {
            // A channel that became covered after safeMs may have no archived or spooled tick yet: its mark is the start of its coverage.
            return [.. _coveredSince.Select(
                channel => KeyValuePair.Create(channel.Key, Math.Max(channel.Value, safeMs) - LagMs(channel.Key)))];
        }
    }

    /// <summary>
    /// How far the feed's timestamps lag behind the local clock, in ms: about 15 minutes for a delayed feed. Used because gaps are recorded
    /// in the feed's time.
    /// </summary>
    private long LagMs(FeedChannel channel) =>
        activity(channel.Symbol)?.Of(channel.Kind) is { LastReceivedMs: { } received, LastTimestampMs: { } timestamp }
            && received - timestamp is var lag and > 0 && lag <= MaxLagMs ? lag : 0;

    /// <summary>
    /// Opens a gap that begins <see cref="MarginMs"/> before the channel's last tick (in the feed's time) or before
    /// <paramref name="atMs"/>, whichever is earlier.
    /// </summary>
    private void Open(FeedChannel channel, long atMs, string cause, string foundBy, string? detail)
    {
        if (_ongoing.ContainsKey(channel))
        {
            return;
        }

        var last = activity(channel.Symbol)?.Of(channel.Kind).LastTimestampMs;
        OpenFrom(channel, Math.Min(last ?? atMs, atMs) - MarginMs, cause, foundBy, detail);
    }

    private void OpenFrom(FeedChannel channel, long from, string cause, string foundBy, string? detail)
    {
        if (_ongoing.ContainsKey(channel))
        {
            return;
        }

        var maxAge = lookBack();
        var earliest = NowMs - (long)maxAge.TotalMilliseconds;
        if (from < earliest)
        {
            detail = $"{detail} Ticks older than {maxAge.TotalDays:0.##} days are not fetched (Collector:BackfillLookBack).".TrimStart();
            from = earliest;
        }

        var earlier =
            ledger.UnfilledOf(channel).LastOrDefault(gap => IsCoverageGap(gap) && gap.ToMs >= from - MaxMergeGapMs && gap.FromMs <= from);
        var gap = earlier is null ? null
            : ledger.Change(earlier.Id, known => known.State == GapState.Open ? known with
            {
                ToMs = null,
                Detail = detail ?? known.Detail,
            } : null);
        gap ??= ledger.Put(
            new FeedGap(Guid.CreateVersion7(), channel.Symbol, channel.Kind, from, null, cause, foundBy, GapState.Open, 0, detail, 0));
        _ongoing[channel] = gap.Id;
    }

    private void Close(FeedChannel channel, long atMs)
    {
        if (_ongoing.Remove(channel, out var id))
        {
            ledger.Change(id, gap => gap.ToMs is null ? gap with { ToMs = Math.Max(gap.FromMs, atMs) } : null);
        }
    }

    private static bool IsCoverageGap(FeedGap gap) =>
        gap.Cause is "start" or HandoverCause or "disconnected" or "stale" or "connection_limit" or "taken_back";

    private static string NameOf(LossCause cause) => cause switch
    {
        LossCause.Disconnected => "disconnected",
        LossCause.Stale => "stale",
        LossCause.ConnectionLimit => "connection_limit",
        LossCause.TakenBack => "taken_back",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "The cause does not end coverage."),
    };
}
