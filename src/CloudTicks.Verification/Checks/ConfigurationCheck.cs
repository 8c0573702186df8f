using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Checks that every process that follows the central hub uses the newest version of its document, and that at least one process of each
/// service has reported recently.
/// </summary>
internal sealed class ConfigurationCheck(OperatedSystem system, Pace pace, TimeProvider time) : ICheck
{
    /// <summary>Processes report every 5 s. A process without a report for this time has ended, or cannot reach the central hub.</summary>
    public static readonly TimeSpan MaxReportAge = TimeSpan.FromSeconds(15);

    public string Name => "configuration";

    public string Title => "Services use the hub's latest configuration";

    public IReadOnlyList<string> Subjects => [Parts.Hub];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        if (system.WithoutHub is { } reason)
        {
            return reason;
        }

        var (response, problems) = (new HubStatus([]), Array.Empty<string>());
        // A recent change takes effect within half a second, and is reported a little later.
        await pace.UntilAsync(
            async () =>
            {
                response = await system.Hub.GetAsync<HubStatus>("api/v1/config", cancellationToken);
                problems = [.. response.Services.SelectMany(Problems)];
                return problems.Length == 0;
            },
            cancellationToken);
        var facts = new JsonObject([.. response.Services.Select(service => KeyValuePair.Create(service.Service, (JsonNode?)new JsonObject
        {
            ["version"] = service.Version,
            ["instances"] = new JsonObject(
                [.. service.Instances.Where(IsAlive)
                    .Select(instance => KeyValuePair.Create(instance.Instance, (JsonNode?)JsonValue.Create(instance.Version)))]),
        }))]);
        return problems.Length > 0
            ? Finding.Fail(
                string.Join(" ", problems),
                "If a process refuses a version, correct the document (cloudticks config edit) or roll it back. If a process does not "
                    + "follow the hub, check that CentralHub__Endpoint is set and that the hub is reachable.",
                facts)
            : Finding.Pass(
                string.Join(
                    ", ", response.Services.Select(
                        service =>
                            $"{service.Service} version {service.Version} "
                                + $"({Counted.Of(service.Instances.Count(IsAlive), "process")})")) + ".", facts);
    }

    private bool IsAlive(InstanceStatus instance) =>
        time.GetUtcNow().ToUnixTimeMilliseconds() - instance.ReportedMs < MaxReportAge.TotalMilliseconds;

    private IEnumerable<string> Problems(ServiceStatus service)
    {
        var alive = service.Instances.Where(IsAlive).ToArray();
        if (alive.Length == 0)
        {
            var last = service.Instances.Count == 0 ? null : (long?)service.Instances.Max(instance => instance.ReportedMs);
            yield return last is { } ms
                ? $"No process of {service.Service} has reported since {Format.Time(ms)}."
                : $"No process of {service.Service} follows the hub.";
        }

        foreach (var instance in alive.Where(instance => instance.Version != service.Version || instance.Problem is not null))
        {
            yield return $"{instance.Instance} uses version {instance.Version} of {service.Service}"
                + (instance.Version == service.Version ? "" : $", but the newest is {service.Version}")
                + $"{(instance.Problem is { } problem ? $": {problem.TrimEnd('.')}" : "")}.";
        }
    }
}
