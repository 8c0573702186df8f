using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Storing;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Compression;
using CloudTicks.Timescale.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions;

/// <summary>Tells over HTTP what the functions of this process have done.</summary>
/// <param name="gate">Lets through who may.</param>
/// <param name="storing">Counts what StoreTicks did.</param>
/// <param name="publishing">Counts what PublishTicks did.</param>
/// <param name="lag">Knows what waits to be stored.</param>
/// <param name="schema">Knows the database.</param>
/// <param name="options">Say whether chunks are to be compressed.</param>
/// <param name="nats">Where ticks are published.</param>
public sealed class Status(
    Gate gate, TimescaleMetrics storing, PublishTicksMetrics publishing, ArchiveLag lag, SchemaMigrator schema,
    IOptionsMonitor<TimescaleOptions> options,
    NatsConnectionSettings nats)
{
    /// <summary>The ticks since the start of the process: <c>stored</c>, new rows of the table, and <c>published</c>, confirmed by NATS;
    /// <c>lag_records</c> of the archive that wait to be stored, null while that is not known; <c>publish_lag_records</c>, the same of
    /// NATS; <c>latency</c>, how long ticks of the last seconds took to become rows; <c>nats</c>, the servers on which ticks are published,
    /// without credentials; and <c>timescale</c>, the edition and version of TimescaleDB and whether chunks are compressed, null until the
    /// database was reached.</summary>
    /// <param name="request">The request.</param>
    /// <returns>An object.</returns>
    [Function("Status")]
    public Task<IActionResult> GetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/status")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(Answer()));

    private IActionResult Answer() => DocumentAnswers.Of(new JsonObject
    {
        ["stored"] = storing.StoredTicks,
        ["published"] = publishing.PublishedTicks,
        ["lag_records"] = lag.Records,
        ["publish_lag_records"] = lag.Unpublished,
        ["latency"] = new JsonObject { ["receive_to_row"] = storing.ReadLatency() is { } row ? new JsonObject { ["p50_ms"] = row.P50Ms, ["p99_ms"] = row.P99Ms } : null },
        ["nats"] = new JsonArray([.. nats.Servers.Select(server => JsonValue.Create(server))]),
        ["timescale"] = schema.Edition is { } edition ? Timescale(edition) : null,
    });

    private JsonObject Timescale(TimescaleEdition edition)
    {
        var compression = CompressionChoice.Of(edition, options.CurrentValue);
        return new JsonObject
        {
            ["edition"] = edition.Name,
            ["version"] = edition.Version,
            ["postgresql"] = edition.Server,
            ["compression"] = compression.IsOn,
            ["compression_why"] = compression.Why,
        };
    }
}
