using System.Text.Json.Nodes;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay;
using CloudTicks.Replay.Archive;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.Reconciling;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Compares archive and table tick by tick, and the archive with the feed's counts and sums. Missing ticks need an explanation, such as a
/// gap.
/// </summary>
internal sealed class ReconcileCheck(OperatedSystem system, SelectedSymbols selection, VerificationOptions options, TimeProvider time)
    : ICheck
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromMinutes(5);

    /// <summary>The minimum age of reconciled ticks: newer ticks may be in flight.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);

    /// <summary>The maximum by which a record's time may precede the times of its ticks, because clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public string Name => "reconcile";

    public string Title => "Feed, archive, table and gaps agree";

    public IReadOnlyList<string> Subjects => [];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var table = system.RequireTable();
        var settledMs = (time.GetUtcNow() - MinAge).ToUnixTimeMilliseconds();
        var toMs = Math.Min(options.ToMs ?? settledMs, settledMs);
        var fromMs = options.FromMs ?? toMs - (long)DefaultRange.TotalMilliseconds;
        if (fromMs >= toMs)
        {
            return Finding.Unknown(
                $"Nothing between {Format.Time(fromMs)} and {Format.Time(toMs)} is settled yet.",
                $"Ticks younger than {MinAge.TotalSeconds:0} s may be in flight: run the check again.");
        }

        // Read the table only after StoreTicks has stored every record that the archive has now.
        var watermarks = await system.Positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var archive = StreamWindow.Between(TopicNames.TickArchive, [], watermarks);
        var unread = await new ConsumerProgress(system.Positions, time)
            .WaitAsync(ConsumerGroups.Timescale, archive, options.MaxWait, cancellationToken);
        var writtenMs = Math.Min(fromMs, await TableTicks.FirstReceivedAsync(table, fromMs, toMs, cancellationToken) ?? fromMs) - (
            long)Margin.TotalMilliseconds;
        var refused = await RefusedTicks.ReadAsync(system, writtenMs, cancellationToken);
        var gaps = new KnownGaps();
        var (counts, faults) = (new ReplayCounts(), new List<string>());
        using var ticks = await new ArchiveReplay(system.Positions, system.Records, time).ReadAsync(
            new TickSelection
            {
                FromMs = fromMs,
                ToMs = toMs,
                Symbols = options.Symbols,
                WrittenFromMs = writtenMs,
            }, options.Sorting, counts, faults.Add, gaps.AddAsync, cancellationToken);
        await gaps.ReadTableAsync(table, fromMs, toMs, cancellationToken);
        var explanations = await ExplainAsync(gaps, cancellationToken);
        var tableFromMs = await TableTicks.BeginningAsync(table, cancellationToken) ?? long.MaxValue;
        // If the archive's oldest records were dropped (AppHost's --max-disk), compare with the feed only from the table's beginning:
        // the archive still has at least the ticks of the table.
        var completeFromMs = watermarks.Any(partition => partition.Low > 0) ? Math.Max(fromMs, Math.Min(tableFromMs, toMs)) : fromMs;
        var account = Account(counts.Feed, completeFromMs, toMs);
        await using var rows = await TableTicks.OpenAsync(
            table, options.Symbols.Symbols?.Select(symbol => symbol.Name).ToArray(), Math.Max(fromMs, Math.Min(tableFromMs, toMs)), toMs,
            cancellationToken);
        var reconciliation = new Reconciliation(
            new TickMerge(ticks, rows, tableFromMs, refused, options.Symbols), account, explanations, options.Symbols,
            options.MaxDifferences);
        await reconciliation.RunAsync(fromMs, toMs, hasTable: true, tableFromMs, cancellationToken);
        foreach (var (series, gapFromMs, sentence) in gaps.Differences().Where(gap => options.Symbols.Matches(gap.Series.Symbol)))
        {
            reconciliation.Add(new Difference(series, gapFromMs, null, 0, null, sentence, null, []));
        }

        return await ReportAsync(
            new Outcome(fromMs, toMs, tableFromMs, unread, refused, gaps, counts, reconciliation, account is not null), cancellationToken);
    }

    private FeedMinuteCounts? Account(string? feed, long fromMs, long toMs) =>
        system.Simulator is { } simulator && feed is null or "simulated" ? new FeedMinuteCounts(simulator, fromMs, toMs) : null;

    private async Task<Explanations> ExplainAsync(KnownGaps gaps, CancellationToken cancellationToken)
    {
        try
        {
            return new Explanations(gaps, await CollectorReports.QueryAsync(system, selection, cancellationToken));
        }
        catch (NoResponseException)
        {
            // Without the collectors, only gaps explain differences between feed and archive. Other checks report the failed query.
            return new Explanations(gaps, null);
        }
    }

    private async Task<Finding> ReportAsync(Outcome outcome, CancellationToken cancellationToken)
    {
        var missing = outcome.Gaps.Missing(options.Symbols.Matches);
        var (totals, facts) = (outcome.Reconciliation.Totals, Facts(outcome, missing));
        var (archive, stored) = (totals.Values.Sum(total => total.Archive), totals.Values.Sum(total => total.Table));
        var range = $"{Format.Time(outcome.FromMs)} to {Format.Time(outcome.ToMs)}";
        var (knownToFeed, cells) = (outcome.Reconciliation.KnownToFeed, outcome.Reconciliation.Cells);
        var reach = knownToFeed < cells ? "; they reach back to the feed's start, or as far as its memory allows" : "";
        var made = totals.Values.Sum(total => total.Feed);
        var feed = outcome.HasFeed
            ? Invariant(
                $"the feed counted {made:N0} ticks (it has counts for {knownToFeed:N0} of {cells:N0} minutes, ")
                + $"summed over all series{reach})"
            : "the feed has no counts, so only gaps show what it sent while no collector was connected";
        var unfillable = outcome.Gaps.Unfillable > 0 ? $" ({outcome.Gaps.Unfillable} unfillable)" : "";
        var missingText = missing is { Open: 0, Lost: 0 }
            ? ""
            : $", {Counted.Of(missing.Open + missing.Lost, "tick")} known to be missing";
        var gaps = $"{Counted.Of(outcome.Gaps.Count, "gap")}, {outcome.Gaps.Unfilled} not filled{unfillable}{missingText}";
        var counted = Invariant(
            $"{range}: {feed}; the archive has {archive:N0} ticks, the table {stored:N0}, in {totals.Count} series; {gaps}.");
        if (outcome.TableFromMs > outcome.FromMs)
        {
            counted += $" The table begins at {Format.Time(Math.Min(outcome.TableFromMs, outcome.ToMs))}.";
        }

        if (outcome.Unread > 0)
        {
            return Finding.Fail(
                Invariant($"StoreTicks is making no progress; {outcome.Unread:N0} archive records are unread. {counted}"),
                "Look at /health and the log of the functions, and run the check again when StoreTicks has caught up.", facts);
        }

        if (outcome.Reconciliation.Unexplained > 0)
        {
            return Finding.Fail(
                $"Nothing explains {Counted.Of(outcome.Reconciliation.Unexplained, "difference")}. {counted}",
                "Restore ticks that only the table lacks with cloudticks replay --to-table (with --from, --to, --symbols), and ticks that "
                    + "the archive lacks with cloudticks backfill.",
                facts);
        }

        if (missing.Lost > 0)
        {
            return Finding.Fail(
                $"{missing.Lost:N0} ticks are lost, because Polygon's history does not have "
                    + $"them. {outcome.Gaps.Lost(options.Symbols.Matches).First()}. {counted}",
                "GET /api/v1/gaps?state=unfillable lists the gaps; cloudticks backfill requests the ticks again, if the history has them "
                    + "by now.", facts);
        }

        if (outcome.Counts.RefusedRecords > 0)
        {
            return Finding.Fail(
                Invariant($"{outcome.Counts.RefusedRecords:N0} records of the archive cannot be read. {counted}"),
                "They are in tick_archive.dead, each with the reason; cloudticks decode shows both.", facts);
        }

        if (outcome.Reconciliation.Undecided > 0)
        {
            return Finding.Unknown(
                $"A collector does not answer, so the cause of {Counted.Of(outcome.Reconciliation.Undecided, "difference")} between feed "
                    + $"and archive is unknown: the ticks may be on its disk, or lost in a gap. {counted}",
                "Start the collector, and run the check again.",
                facts);
        }

        return totals.Count > 0
            ? Finding.Pass(
                outcome.Reconciliation.Explained > 0
                    ? Invariant($"{outcome.Reconciliation.Explained:N0} differences are explained. {counted}") : counted,
                    facts)
            : await selection.QuietReasonAsync(cancellationToken) is { } closed ? Finding.Pass(closed, facts)
            : Finding.Unknown(
                $"There are no ticks from {range}, neither in the archive nor in the table.", "Choose another time with --from and --to.",
                facts);
    }

    private static JsonObject Facts(Outcome outcome, MissingTicks missing)
    {
        var facts = new JsonObject
        {
            ["from_ms"] = outcome.FromMs,
            ["to_ms"] = outcome.ToMs,
            ["feed_keeps_account"] = outcome.HasFeed,
            ["unread_records"] = outcome.Unread,
            ["repeated_in_archive"] = outcome.Counts.Repeated,
            ["unreadable_records"] = outcome.Counts.RefusedRecords,
            ["refused_elements"] = outcome.Refused.Elements,
            ["refused_ticks"] = outcome.Refused.Count,
            ["gaps"] = outcome.Gaps.Count,
            ["gaps_not_filled"] = outcome.Gaps.Unfilled,
            ["gaps_unfillable"] = outcome.Gaps.Unfillable,
            ["missing_ticks"] = missing.Open,
            ["lost_ticks"] = missing.Lost,
            ["series_minutes"] = outcome.Reconciliation.Cells,
            ["unexplained"] = outcome.Reconciliation.Unexplained,
            ["explained"] = outcome.Reconciliation.Explained,
        };
        facts["series"] = new JsonObject(
            [.. outcome.Reconciliation.Totals.Select(
                total => KeyValuePair.Create(total.Key.ToString(), (JsonNode?)total.Value.ToJson(outcome.HasFeed)))]);
        facts["differences"] = new JsonArray([.. outcome.Reconciliation.Differences.Select(difference => (JsonNode)difference.ToJson())]);
        return facts;
    }

    private sealed record Outcome(
        long FromMs, long ToMs, long TableFromMs, long Unread, RefusedTicks Refused, KnownGaps Gaps, ReplayCounts Counts,
        Reconciliation Reconciliation, bool HasFeed);
}
