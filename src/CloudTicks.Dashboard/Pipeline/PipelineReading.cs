using System.Text.Json;
using CloudTicks.Dashboard.Board;
using CloudTicks.Dashboard.Services;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Dashboard.Pipeline;

internal sealed record PipelineReading
{
    /// <summary>The time of the reading, Unix ms.</summary>
    public required long NowMs { get; init; }

    public required IReadOnlyList<CollectorReading> Collectors { get; init; }

    public required ServiceResponse FunctionsHealth { get; init; }

    public required StatusResponse<FunctionsStatus> FunctionsStatus { get; init; }

    /// <summary>The response with the table's retention, queried less often than the others.</summary>
    public required ServiceResponse TableRetention { get; init; }

    public required ServiceResponse Gaps { get; init; }

    public required StatusResponse<HubStatus> Config { get; init; }

    /// <summary>The health response of the event hub; null if it has no health endpoint.</summary>
    public required ServiceResponse? EventHub { get; init; }

    /// <summary>The responses of the relay; null without a relay.</summary>
    public required RelayReading? Relay { get; init; }

    public required FeedState Feed { get; init; }

    public required PipelineRates Rates { get; init; }

    public IEnumerable<CollectorStatus> CollectorStatuses =>
        Collectors.Select(collector => collector.Status.Value).OfType<CollectorStatus>();

    /// <summary>The processes that follow documents of the central hub, each with its service.</summary>
    public IEnumerable<(ServiceStatus Service, InstanceStatus Instance)> Followers =>
        (Config.Value?.Services ?? []).OfType<ServiceStatus>()
            .SelectMany(service => service.Instances.OfType<InstanceStatus>().Select(instance => (service, instance)));

    /// <summary>Returns the sum over all collectors; null when none reports the figure.</summary>
    public double? Sum(Func<CollectorStatus, double?> number) =>
        CollectorStatuses.Select(number).Where(value => value is not null).ToList() is { Count: > 0 } values ? values.Sum() : null;
}

internal sealed record CollectorReading(Uri Address, ServiceResponse Health, StatusResponse<CollectorStatus> Status);

internal sealed record RelayReading(ServiceResponse Health, ServiceResponse Status)
{
    /// <summary>The relay's description of its clients; null when the relay does not answer, or the answer does not contain it.</summary>
    public JsonElement? Clients => Status.Value is { ValueKind: JsonValueKind.Object } status
        && status.TryGetProperty("clients", out var clients) && clients.ValueKind == JsonValueKind.Array ? clients : null;
}

/// <summary>Ticks per second, except <paramref name="ArchivedRecords"/>: records per second. Null while unknown.</summary>
internal sealed record PipelineRates(double? Received, double? Archived, double? Stored, double? Published, double? ArchivedRecords);
