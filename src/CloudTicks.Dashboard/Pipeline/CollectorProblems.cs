using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using static System.FormattableString;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Finds the faults of the feed, the collectors and their output: collector by collector, the worst fault of each first.</summary>
internal static class CollectorProblems
{
    public static IEnumerable<Trouble> Of(PipelineReading reading)
    {
        foreach (var collector in reading.Collectors)
        {
            if (!collector.Status.HasResponded)
            {
                yield return new Trouble(
                    PartNames.Collector,
                    $"The collector does not answer at {collector.Address.Authority}: ticks of the feed are missed.",
                    "Start it, or read the last lines of its log; once it runs, it backfills the missed ticks, if the plan allows it. "
                        + "If the address is wrong, correct Dashboard__Collectors__0 (or __1, ...).");
                continue;
            }

            if (collector.Status.Value is not { } status)
            {
                yield return new Trouble(
                    PartNames.Collector,
                    $"The collector at {collector.Address.Authority} does not report its status (HTTP {collector.Status.Response.Status}).",
                    "If it requires a key, give the dashboard a reader's key of the hub (CLOUDTICKS_HUB_KEY).");
                continue;
            }

            foreach (var trouble in OfFeed(status).Concat(OfEventHub(status)).Concat(OfSpool(status)).Concat(OfGaps(status))
                .Concat(OfHealth(collector)))
            {
                yield return trouble;
            }
        }
    }

    private static IEnumerable<Trouble> OfFeed(CollectorStatus status)
    {
        foreach (var (market, reason) in status.Refused)
        {
            yield return new Trouble(
                PartNames.Feed, $"The feed refuses {market}: {reason}.",
                "Check POLYGON_API_KEY and what your plan covers, then start the collector again.");
        }

        var downFeeds = status.Connected.Where(market => !market.Value).Select(market => market.Key).Except(status.Refused.Keys).ToList();
        if (downFeeds.Count > 0)
        {
            yield return new Trouble(
                PartNames.Feed,
                $"The collector is not connected to the feed for {string.Join(", ", downFeeds)}; it retries until the feed answers.",
                status.Feed == "simulated"
                    ? "Is the simulator running? Start it, or read its log."
                    : "Check the network and Polygon's status page; gaps are backfilled afterwards.");
        }
    }

    private static IEnumerable<Trouble> OfEventHub(CollectorStatus status)
    {
        if (status.HubAwayMs is { } ms and >= 1_000)
        {
            yield return new Trouble(
                PartNames.EventHub,
                Invariant($"The event hub has acknowledged nothing for {ms / 1_000d:0} s{ReasonSuffix(status.HubAwayReason)}; ")
                    + "ticks are spooled on the collector's disk until it acknowledges again.",
                "Start the event hub, or check its log and disk; the collector then sends the spool.");
        }
    }

    private static string ReasonSuffix(string? reason) => reason is null ? "" : $" ({reason})";

    private static IEnumerable<Trouble> OfSpool(CollectorStatus status)
    {
        if (status.Spool is not { } spool)
        {
            yield break;
        }

        if (spool.Trouble is { } trouble)
        {
            yield return new Trouble(
                PartNames.Collector, $"The collector's disk cannot be written to: {trouble}.",
                "Make the disk writable, and free space: ticks in memory are lost if the collector ends.");
        }

        if (spool.Pressure is not ("" or SpoolStatus.None))
        {
            var usedSpool = $"{new ByteSize(spool.Bytes)} of {new ByteSize(spool.LimitBytes)}";
            yield return spool.Pressure == SpoolStatus.Refuse
                ? new Trouble(
                    PartNames.Collector, $"The spool ({usedSpool}) is full or cannot be written to: ticks are refused, and counted.",
                    "Restore the event hub, or free space on the collector's disk.")
                : new Trouble(
                    PartNames.Collector, $"The spool is nearly full ({usedSpool}): only one quote per symbol and second is kept.",
                    "Restore the event hub, or free space on the collector's disk.");
        }
    }

    private static IEnumerable<Trouble> OfGaps(CollectorStatus status)
    {
        if (status.Gaps.LostTicks is >= 1 and var lost)
        {
            yield return new Trouble(
                PartNames.Collector,
                $"Lost in the last day: {Counted.Of(lost, "tick")}, which could not be fetched from the feed's history.",
                "The gap ledger lists them as unfillable; run 'cloudticks backfill' to fetch a period again. docs/troubleshooting.md, "
                    + "Gaps, explains the causes.");
        }
    }

    private static IEnumerable<Trouble> OfHealth(CollectorReading collector) => HealthChecks.Failing(collector.Health)
        .Select(check => check.Name == "central-hub"
            ? new Trouble(
                PartNames.Collector, check.Sentence, "The collector keeps its last valid document; check Configuration, or roll it back.")
            : new Trouble(
                PartNames.Collector, check.Sentence,
                "Look the message up in docs/troubleshooting.md; the collector's /health has details."));
}
