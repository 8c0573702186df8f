using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Storing;
using CloudTicks.Lake;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks.Status;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Compression;
using CloudTicks.Timescale.Editions;
using CloudTicks.Timescale.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions;

/// <summary>Serves the status of this process's functions.</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Status(
    Gate gate, TimescaleMetrics storing, PublishTicksMetrics publishing, ArchiveLag lag, SchemaMigrator schema,
    IOptionsMonitor<TimescaleOptions> options,
    NatsConnectionSettings nats, LakeConsumer lake)
{
    /// <summary>Returns a <see cref="FunctionsStatus"/>.</summary>
    [Function("Status")]
    public Task<IActionResult> GetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/status")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(StatusResponse()));

    private IActionResult StatusResponse() => DocumentResponses.OfStatus(new FunctionsStatus(storing.StoredTicks, publishing.PublishedTicks)
    {
        LagRecords = lag.Records,
        PublishLagRecords = lag.Unpublished,
        Latency = new FunctionsLatency(storing.ReadLatency()),
        Nats = nats.Servers,
        Timescale = schema.Edition is { } edition ? Timescale(edition) : null,
        Lake = lake.Status,
    });

    private DatabaseStatus Timescale(TimescaleEdition edition)
    {
        var compression = CompressionChoice.Of(edition, options.CurrentValue);
        return new DatabaseStatus(edition.Name, edition.Version, edition.Server, compression.IsEnabled, compression.Reason);
    }
}
