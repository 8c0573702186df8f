using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Checks that long polls work: the central hub responds immediately to a request with an older version, and holds a request with the
/// newest version. At least one process must have reported to the central hub recently.
/// </summary>
internal sealed class HotReloadCheck(OperatedSystem system, Pace pace, TimeProvider time) : ICheck
{
    private const string Cure = "Look at /health and the log of the functions. Check the database too: it stores the documents.";
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ImmediateTimeout = TimeSpan.FromSeconds(2);

    public string Name => "hot-reload";

    public string Title => "Hot reload works";

    public IReadOnlyList<string> Subjects => [Parts.Hub];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        if (system.WithoutHub is { } reason)
        {
            return reason;
        }

        var hub = await system.Hub.GetAsync<HubStatus>("api/v1/config", cancellationToken);
        var facts = new JsonObject();
        foreach (var service in hub.Services.Select(service => service.Service))
        {
            var path = $"api/v1/config/{service}";
            var startedAt = time.GetTimestamp();
            var (_, tag) = await system.Hub.GetIfChangedAsync($"{path}?wait=30", "\"an-older-one\"", ImmediateTimeout, cancellationToken);
            var responseTime = time.GetElapsedTime(startedAt);
            if (tag is null)
            {
                return Finding.Fail($"The document of {service} has no ETag.", Cure, facts);
            }

            startedAt = time.GetTimestamp();
            var (isOther, _) = await system.Hub.GetIfChangedAsync(
                $"{path}?wait={HoldTime.TotalSeconds:0}", tag, HoldTime, cancellationToken);
            var waitTime = time.GetElapsedTime(startedAt);
            facts[service] =
                new JsonObject
                {
                    ["told_ms"] = Math.Round(responseTime.TotalMilliseconds, 1),
                    ["held_ms"] = Math.Round(waitTime.TotalMilliseconds, 1),
                };
            if (!isOther && waitTime < HoldTime / 2)
            {
                return Finding.Fail(
                    $"The hub does not hold the request for {service} until a change: it answered after {waitTime.TotalMilliseconds:0} ms.",
                    Cure, facts);
            }
        }

        InstanceStatus[] processes = [];
        await pace.UntilAsync(
            async () =>
            {
                hub = await system.Hub.GetAsync<HubStatus>("api/v1/config", cancellationToken);
                processes =
                    [.. hub.Services.SelectMany(service => service.Instances)
                        .Where(instance => Age(instance) < ConfigurationCheck.MaxReportAge.TotalMilliseconds)];
                return processes.Length > 0;
            },
            cancellationToken);
        facts["processes"] = processes.Length;
        return processes.Length == 0
            ? Finding.Fail(
                "The hub answers, but no process has reported to it recently: a change would reach none.",
                "Set CentralHub__Endpoint of collector and functions to the hub.", facts)
            : Finding.Pass(
                $"A change immediately reaches {Counted.Of(processes.Length, "process")}; the last report was sent "
                    + $"{Format.Seconds(processes.Min(Age))} ago.", facts);
    }

    private long Age(InstanceStatus instance) => time.GetUtcNow().ToUnixTimeMilliseconds() - instance.ReportedMs;
}
