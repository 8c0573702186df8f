using System.Globalization;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>
/// Finds the faults downstream of the collectors: event hub, functions, table, lake, NATS, relay, disks, and followers of the
/// central hub's documents.
/// </summary>
internal static class ConsumerProblems
{
    private const double MinReportedLagSeconds = 15;
    private const double MinReportedLagRecords = 1_000;

    private static readonly Dictionary<string, (string Part, string Cure)> Remedies = new()
    {
        ["timescale"] = (
            PartNames.Timescale,
            "Start PostgreSQL, or check its log; ticks wait in the archive, none is lost, and they are stored when it answers."),
        ["nats-publisher"] = (PartNames.Nats, "Start NATS, or check its log; ticks wait in the archive until it answers."),
        ["storing"] = (PartNames.Functions, "Read the functions' log: failed batches are retried, and no tick is lost."),
        ["disks"] = (
            PartNames.Timescale,
            "Free space on that disk, or keep ticks for fewer days: cloudticks config set tick-functions retention_days=N."),
        ["retention"] = (PartNames.Timescale, "Run 'cloudticks retention run': it reports the reason."),
        ["lake"] = (PartNames.Lake, "Read the functions' log, and docs/lake.md for the solution. The archive has what the lake lacks."),
        ["central-hub"] = (PartNames.Functions, "The functions keep their last valid document; check Configuration, or roll it back."),
    };

    public static IEnumerable<Trouble> Of(PipelineReading reading) =>
        OfEventHub(reading).Concat(OfFunctions(reading)).Concat(OfNats(reading)).Concat(OfLag(reading))
        .Concat(OfRelay(reading)).Concat(OfInstances(reading));

    private static IEnumerable<Trouble> OfEventHub(PipelineReading reading)
    {
        if (reading.EventHub is not { } hub || HealthChecks.StateOf(hub) == HealthChecks.Healthy)
        {
            yield break;
        }

        yield return hub.HasResponded
            ? new Trouble(
                PartNames.EventHub,
                HealthChecks.Failing(hub).Select(check => check.Sentence).FirstOrDefault() ?? "The event hub is not healthy.",
                "Check its log and disk; the collector spools what it cannot send.")
            : new Trouble(
                PartNames.EventHub, "The event hub does not answer; the collector spools ticks until it does.",
                "Start it, or check its log. Dashboard__EventHubHealth is its health address.");
    }

    private static IEnumerable<Trouble> OfFunctions(PipelineReading reading)
    {
        var health = reading.FunctionsHealth;
        if (!health.HasResponded)
        {
            yield return new Trouble(
                PartNames.Functions,
                "The functions do not answer: nothing is stored or published, no history is shown and no setting can be changed. Ticks "
                    + "wait in the archive.",
                "Start them, or read the last lines of their log; they resume where they stopped. Dashboard__Functions is their "
                    + "address.");
            yield break;
        }

        foreach (var (name, sentence) in HealthChecks.Failing(health))
        {
            var (part, cure) = Remedies.GetValueOrDefault(
                name, (PartNames.Functions,
                    "Look the message up in docs/troubleshooting.md; the functions' /health has details."));
            yield return new Trouble(part, sentence, cure);
        }

        if (reading.FunctionsStatus is { HasResponded: true, Value: null } status)
        {
            yield return new Trouble(PartNames.Functions, $"The functions do not report their status (HTTP {status.Response.Status}).",
                "If they require a key, give the dashboard a reader's key (CLOUDTICKS_HUB_KEY); else wait until they have started.");
        }
    }

    private static IEnumerable<Trouble> OfNats(PipelineReading reading)
    {
        if (!reading.Feed.IsConnected
            && HealthChecks.CheckOf(reading.FunctionsHealth, "nats-publisher")?.State is null or HealthChecks.Healthy)
        {
            yield return new Trouble(
                PartNames.Nats, reading.Feed.Sentence, "Start NATS, or set its address (ConnectionStrings__nats of the dashboard).");
        }
    }

    private static IEnumerable<Trouble> OfRelay(PipelineReading reading)
    {
        if (reading.Relay is not { } relay || HealthChecks.StateOf(relay.Health) is HealthChecks.Healthy)
        {
            yield break;
        }

        yield return relay.Health.HasResponded
            ? new Trouble(
                PartNames.Relay,
                HealthChecks.Failing(relay.Health).Select(check => check.Sentence).FirstOrDefault() ?? "The relay is not healthy.",
                "Read its log; its clients receive missed ticks from the archive.")
            : new Trouble(
                PartNames.Relay, "The relay does not answer: Polygon clients get no ticks. Archive, table and NATS still do.",
                "Start it, or read the last lines of its log. Clients that reconnect with 'since' miss nothing.");
    }

    private static IEnumerable<Trouble> OfLag(PipelineReading reading)
    {
        foreach (var (group, function, recordsOf) in PipelineLag.Groups)
        {
            var records = recordsOf(reading.FunctionsStatus.Value);
            if (records >= MinReportedLagRecords && records > MinReportedLagSeconds * (reading.Rates.ArchivedRecords ?? 0))
            {
                yield return new Trouble(group == "nats" ? PartNames.Nats : PartNames.Timescale,
                    string.Create(CultureInfo.InvariantCulture, $"{function} is {records:N0} records behind the archive."),
                    "If the lag shrinks, wait; if it grows, the load is too high: collect fewer symbols, or run the functions on a "
                        + "larger machine. Nothing is lost.");
            }
        }
    }

    private static IEnumerable<Trouble> OfInstances(PipelineReading reading) =>
        from follower in reading.Followers
        let instance = follower.Instance
        where instance.Problem is not null && reading.NowMs - instance.ReportedMs < PipelineLag.MaxFreshReportAgeMs
        select new Trouble(
            PartNames.Functions, $"{follower.Service.Service} on {instance.Instance} does not follow its document: {instance.Problem}",
            "Correct the document, or roll it back; until then the instance keeps the previous version.");
}
