using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Publishing;
using CloudTicks.Functions.Querying;
using CloudTicks.Functions.Storing;
using CloudTicks.Timescale;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Tells over HTTP what the functions of this process have done.</summary>
/// <param name="gate">Lets through who may.</param>
/// <param name="storing">Counts what StoreTicks did.</param>
/// <param name="publishing">Counts what PublishTicks did.</param>
/// <param name="lag">Knows what waits to be stored.</param>
public sealed class Status(Gate gate, TimescaleMetrics storing, PublishTicksMetrics publishing, ArchiveLag lag)
{
    /// <summary>The ticks since the start of the process: <c>stored</c>, new rows of the table, and <c>published</c>, confirmed by NATS; and <c>lag_records</c>
    /// of the archive that wait to be stored, null while that is not known.</summary>
    /// <param name="request">The request.</param>
    /// <returns>An object.</returns>
    [Function("Status")]
    public Task<IActionResult> GetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/status")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult<IActionResult>(Answer()));

    private JsonAnswer Answer() => JsonAnswer.Of(JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, long?> { ["stored"] = storing.StoredTicks, ["published"] = publishing.PublishedTicks, ["lag_records"] = lag.Records }));
}
