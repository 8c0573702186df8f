using System.Globalization;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>What is wrong behind the archive: event hub, functions, table, NATS, disks, and who follows the hub's documents.</summary>
internal static class ConsumerTroubles
{
    private const double NotableSeconds = 15;
    private const double NotableRecords = 1_000;

    private static readonly Dictionary<string, (string Part, string Cure)> Cures = new()
    {
        ["timescale"] = (
            PartNames.Timescale,
            "Start PostgreSQL, or look at its log; ticks wait in the archive, nothing is lost, and they are stored once it is back."),
        ["nats-publisher"] = (PartNames.Nats, "Start NATS, or look at its log; once it is back, what waits in the archive is published."),
        ["storing"] = (PartNames.Functions, "Read the functions' log: what cannot be stored is tried again, and nothing of it is lost."),
        ["disks"] = (
            PartNames.Timescale,
            "Make room on that disk, or keep ticks for fewer days: cloudticks config set tick-functions retention_days=N."),
        ["retention"] = (PartNames.Timescale, "Run cloudticks retention apply, which says what holds it up."),
        ["lake"] = (
            PartNames.Lake, "Read the functions' log; docs/lake.md says what each event means. The archive has what the lake lacks."),
        ["central-hub"] = (PartNames.Functions, "It goes on with what it has; look at Configuration, or roll the document back."),
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

        yield return hub.IsThere
            ? new Trouble(
                PartNames.EventHub,
                HealthChecks.Failing(hub).Select(check => check.Sentence).FirstOrDefault() ?? "The event hub is not healthy.",
                "Look at its log and its disk; the collector keeps what it cannot send.")
            : new Trouble(
                PartNames.EventHub, "The event hub does not answer; the collector keeps what it cannot send, and nothing is lost.",
                "Start it, or look at its log. Dashboard__EventHubHealth says where its health is.");
    }

    private static IEnumerable<Trouble> OfFunctions(PipelineReading reading)
    {
        var health = reading.FunctionsHealth;
        if (!health.IsThere)
        {
            yield return new Trouble(
                PartNames.Functions,
                "The functions do not answer: nothing is stored or published, no history is shown and no setting can be changed. Ticks "
                    + "wait in the archive.",
                "Start them, or read the last lines of their log; they go on where they were. Dashboard__Functions says where they are "
                    + "looked for.");
            yield break;
        }

        foreach (var (name, sentence) in HealthChecks.Failing(health))
        {
            var (part, cure) = Cures.GetValueOrDefault(
                name, (PartNames.Functions,
                    "docs/troubleshooting.md says for each such sentence what to do; /health of the functions tells more."));
            yield return new Trouble(part, sentence, cure);
        }

        if (reading.FunctionsStatus is { IsThere: true, Good: null } status)
        {
            yield return new Trouble(PartNames.Functions, $"The functions do not tell their status (HTTP {status.Answer.Status}).",
                "If they need a key, give the dashboard a reader's key (CLOUDTICKS_HUB_KEY); else wait until they have started.");
        }
    }

    private static IEnumerable<Trouble> OfNats(PipelineReading reading)
    {
        if (!reading.Feed.IsConnected
            && HealthChecks.CheckOf(reading.FunctionsHealth, "nats-publisher")?.State is null or HealthChecks.Healthy)
        {
            yield return new Trouble(
                PartNames.Nats, reading.Feed.Sentence, "Start NATS, or say where it is (ConnectionStrings__nats of the dashboard).");
        }
    }

    private static IEnumerable<Trouble> OfRelay(PipelineReading reading)
    {
        if (reading.Relay is not { } relay || HealthChecks.StateOf(relay.Health) is HealthChecks.Healthy)
        {
            yield break;
        }

        yield return relay.Health.IsThere
            ? new Trouble(
                PartNames.Relay,
                HealthChecks.Failing(relay.Health).Select(check => check.Sentence).FirstOrDefault() ?? "The relay is not healthy.",
                "Read its log; its clients get what they missed from the archive.")
            : new Trouble(
                PartNames.Relay, "The relay does not answer: Polygon clients get no ticks. The archive, the table and NATS do.",
                "Start it, or read the last lines of its log. Clients that reconnect with 'since' miss nothing.");
    }

    private static IEnumerable<Trouble> OfLag(PipelineReading reading)
    {
        foreach (var (group, function, recordsOf) in PipelineLag.Groups)
        {
            var records = recordsOf(reading.FunctionsStatus.Good);
            if (records >= NotableRecords && records > NotableSeconds * (reading.Rates.ArchivedRecords ?? 0))
            {
                yield return new Trouble(group == "nats" ? PartNames.Nats : PartNames.Timescale,
                    string.Create(CultureInfo.InvariantCulture, $"{function} is {records:N0} records behind the archive."),
                    "If it catches up, wait; if it falls back further, more comes than it can take: collect fewer symbols, or give it a "
                        + "bigger machine. Nothing is lost.");
            }
        }
    }

    private static IEnumerable<Trouble> OfInstances(PipelineReading reading) =>
        from follower in reading.Followers
        let instance = follower.Instance
        where instance.Problem is not null && reading.NowMs - instance.ReportedMs < PipelineLag.FreshReportMs
        select new Trouble(
            PartNames.Functions, $"{follower.Service.Service} on {instance.Instance} does not follow its document: {instance.Problem}",
            "Mend the document, or roll it back; the version before stays in force there.");
}
