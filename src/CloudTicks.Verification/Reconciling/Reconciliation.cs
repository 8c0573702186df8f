using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Reconciling;

/// <summary>Compares feed, archive and table by series and minute.</summary>
/// <param name="max">The maximum number of kept differences; all are counted.</param>
internal sealed class Reconciliation(
    TickMerge merge, FeedMinuteCounts? feed, Explanations explanations, Ticks.SymbolFilter symbols, int max)
{
    private const long MinuteMs = 60_000;

    private static readonly MinuteCell EmptyCell = new();

    private readonly List<Difference> _differences = [];
    private readonly SortedDictionary<Series, SeriesTotal> _totals = [];

    /// <summary>The kept differences, unexplained ones first.</summary>
    public IEnumerable<Difference> Differences => _differences.OrderBy(difference => difference.Explanation is not null);

    /// <summary>The number of differences without an explanation; a series and minute may have several.</summary>
    public long Unexplained { get; private set; }

    /// <summary>The number of differences with an explanation.</summary>
    public long Explained { get; private set; }

    /// <summary>
    /// The number of series and minutes in which the archive lacks ticks of the feed while a collector is unavailable, so that the cause is
    /// uncertain.
    /// </summary>
    public long Undecided { get; private set; }

    public long Cells { get; private set; }

    /// <summary>The number of series and minutes that the feed has counted completely.</summary>
    public long KnownToFeed { get; private set; }

    public IReadOnlyDictionary<Series, SeriesTotal> Totals => _totals;

    public async Task RunAsync(long fromMs, long toMs, bool hasTable, long tableFromMs, CancellationToken cancellationToken)
    {
        var hasMore = await merge.NextMinuteAsync(cancellationToken);
        // Without the feed's counts, minutes without a tick can be skipped.
        for (var minute = fromMs - (fromMs % MinuteMs); minute < toMs && (hasMore || feed is not null); minute += MinuteMs)
        {
            if (feed is null)
            {
                minute = merge.MinuteBeginMs;
            }

            var isCounted = hasMore && merge.MinuteBeginMs == minute;
            var made = feed is null ? null : await feed.ReadAsync(minute, cancellationToken);
            Compare(minute, isCounted ? merge.Cells : null, made, hasTable && minute + MinuteMs > tableFromMs);
            hasMore = isCounted ? await merge.NextMinuteAsync(cancellationToken) : hasMore;
        }
    }

    public void Add(Difference difference)
    {
        Unexplained += difference.Explanation is null ? 1 : 0;
        Explained += difference.Explanation is null ? 0 : 1;
        if (_differences.Count < max)
        {
            _differences.Add(difference);
        }
    }

    private void Compare(
        long minute, IReadOnlyDictionary<Series, MinuteCell>? cells, IReadOnlyDictionary<Series, FeedMinute>? made, bool hasTable)
    {
        var series = (cells?.Keys ?? [])
            .Concat(made?.Where(entry => entry.Value.Distinct > 0 && symbols.Matches(entry.Key.Symbol)).Select(entry => entry.Key) ?? []);
        foreach (var one in series.Distinct().Order())
        {
            var cell = cells?.GetValueOrDefault(one) ?? EmptyCell;
            var feedMinute = made is not null && made.TryGetValue(one, out var minuteOfFeed) ? minuteOfFeed : (FeedMinute?)null;
            Cells++;
            KnownToFeed += feedMinute is null ? 0 : 1;
            if (cell.Archived == 0 && cell.Stored == 0 && !explanations.IsSelected(one))
            {
                // Not a difference: the feed continues to send a series that is no longer collected.
                continue;
            }

            if (!_totals.TryGetValue(one, out var total))
            {
                _totals.Add(one, total = new SeriesTotal());
            }

            var wasCollected = total.HasLive;
            total.Add(cell, feedMinute);
            CompareTable(one, minute, cell, feedMinute, hasTable);
            CompareFeed(one, minute, cell, feedMinute, hasTable, wasCollected);
        }
    }

    private void CompareTable(Series series, long minute, MinuteCell cell, FeedMinute? made, bool hasTable)
    {
        if (cell.NotStored > 0)
        {
            var refused = cell.Refused == cell.NotStored
                ? "StoreTicks has refused them: they are in the dead letters, with the reason"
                : null;
            Add(new Difference(
                series, minute, made?.Distinct, cell.Archived, cell.Stored, $"{Count(cell.NotStored)} of the archive not in the table",
                refused, cell.Examples));
        }

        if (cell.NotArchived > 0)
        {
            Add(new Difference(
                series, minute, made?.Distinct, cell.Archived, hasTable ? cell.Stored : null,
                $"{Count(cell.NotArchived)} of the table not in the archive", null, cell.Examples));
        }
    }

    private void CompareFeed(Series series, long minute, MinuteCell cell, FeedMinute? made, bool hasTable, bool wasCollected)
    {
        if (made is not { } minuteOfFeed || (minuteOfFeed.Distinct == cell.ArchivedOfFeed && minuteOfFeed.Sum == cell.SumOfFeed))
        {
            return;
        }

        var missing = minuteOfFeed.Distinct - cell.ArchivedOfFeed;
        var what = missing switch
        {
            > 0 => $"{Count(missing)} of the feed not in the archive",
            < 0 => $"{Count(-missing)} in the archive that the feed did not make",
            _ => "the same number of ticks, but different ones",
        };
        var explanation = missing > 0 ? explanations.Of(series, minute, wasCollected) : null;
        Undecided += missing > 0 && explanations.IsCollectorUnavailable ? 1 : 0;
        Add(new Difference(series, minute, minuteOfFeed.Distinct, cell.Archived, hasTable ? cell.Stored : null, what, explanation, []));
    }

    private static string Count(long ticks) => Counted.Of(ticks, "tick");
}
