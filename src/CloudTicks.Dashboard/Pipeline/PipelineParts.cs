using CloudTicks.Dashboard.Services;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Determines the state of each part of the pipeline, from its status or from the status of others.</summary>
internal static class PipelineParts
{
    public static IReadOnlyList<(string Name, string State, string Detail)> Of(PipelineReading reading)
    {
        var collectors = reading.Collectors.Select(collector => HealthChecks.StateOf(collector.Health)).ToList();
        var timescale = HealthChecks.CheckOf(reading.FunctionsHealth, "timescale");
        return
        [
            (PartNames.Feed, StateOfFeed(reading), DetailOfFeed(reading)),
            (PartNames.Collector, Worst(collectors),
                string.Join(", ", reading.Collectors.Select((collector, index) => $"{collector.Address.Authority}: {collectors[index]}"))),
            (PartNames.EventHub, StateOfEventHub(reading), DetailOfEventHub(reading)),
            (PartNames.Functions, HealthChecks.StateOf(reading.FunctionsHealth), Detail(reading.FunctionsHealth)),
            (PartNames.Timescale, timescale?.State ?? HealthChecks.Unavailable,
                timescale?.Sentence ?? (timescale is null ? "Unknown: the functions do not report it." : "The functions reach it.")),
            (PartNames.Nats, reading.Feed.IsConnected ? HealthChecks.Healthy : HealthChecks.Unavailable, reading.Feed.Sentence),
            (PartNames.Dashboard, reading.Feed.IsConnected ? HealthChecks.Healthy : HealthChecks.Degraded, "It serves this page."),
            .. reading.Relay is { } relay ? [(PartNames.Relay, HealthChecks.StateOf(relay.Health), Detail(relay.Health))]
                : Array.Empty<(string, string, string)>(),
            .. reading.FunctionsStatus.Value?.Lake is { } lake ? [OfLake(reading, lake)] : Array.Empty<(string, string, string)>(),
        ];
    }

    private static (string Name, string State, string Detail) OfLake(PipelineReading reading, LakeStatus lake)
    {
        var check = HealthChecks.CheckOf(reading.FunctionsHealth, "lake");
        return (PartNames.Lake, check?.State ?? HealthChecks.Unavailable,
            check?.Sentence ?? (lake.Writes
                ? $"The functions write it to {lake.Location}."
                : $"The functions do not write it to {lake.Location} yet, or another process does."));
    }

    private static string StateOfFeed(PipelineReading reading)
    {
        var statuses = reading.CollectorStatuses.ToList();
        var connected = statuses.SelectMany(status => status.Connected.Values).ToList();
        return statuses.Count == 0 ? HealthChecks.Unavailable
            : connected.Count == 0 || connected.TrueForAll(isOpen => !isOpen) ? HealthChecks.Unhealthy
            : connected.TrueForAll(isOpen => isOpen) ? HealthChecks.Healthy
            : HealthChecks.Degraded;
    }

    private static string DetailOfFeed(PipelineReading reading)
    {
        var statuses = reading.CollectorStatuses.ToList();
        var markets =
            statuses.SelectMany(status => status.Connected).Where(market => market.Value).Select(market => market.Key).Distinct().ToList();
        return statuses.Count == 0 ? "Unknown: the collector does not answer."
            : $"{statuses[0].Feed}: {(markets.Count > 0 ? $"sessions with {string.Join(", ", markets)}" : "no session")}";
    }

    private static string StateOfEventHub(PipelineReading reading)
    {
        var isHubAway = reading.CollectorStatuses.Any(status => status.HubAwayMs is not null);
        return reading.EventHub is { } hub ? HealthChecks.StateOf(hub)
            : isHubAway ? HealthChecks.Unhealthy
            : reading.CollectorStatuses.Any() ? HealthChecks.Healthy
            : HealthChecks.Unavailable;
    }

    private static string DetailOfEventHub(PipelineReading reading) => reading.EventHub is { } hub ? Detail(hub)
        : reading.CollectorStatuses.Any() ? "Its state is derived from the acknowledgements that the collector receives."
        : "Unknown: the collector does not answer.";

    private static string Detail(ServiceResponse health) => !health.HasResponded ? $"It does not answer ({health.Problem})."
        : string.Join(' ', HealthChecks.Failing(health).Select(check => check.Sentence)) is { Length: > 0 } failing ? failing
        : "All its checks pass.";

    private static string Worst(List<string> states) =>
        new[] { HealthChecks.Unavailable, HealthChecks.Unhealthy, HealthChecks.Degraded }.FirstOrDefault(states.Contains)
            ?? HealthChecks.Healthy;
}
