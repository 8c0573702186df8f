using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Retaining;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves the retention of the table over HTTP (docs/timescale.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class TableRetentionApi(Gate gate, TableRetentionHandler handler)
{
    /// <summary>Returns the retention window, the due chunks, all chunks, and the last run.</summary>
    [Function("RetentionShow")]
    public Task<IActionResult> GetStatusAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/retention")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(handler.GetStatus(request)));

    /// <summary>Drops due chunks now, without waiting for the timer.</summary>
    [Function("RetentionRun")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/retention/run")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.RunAsync(request, caller, cancellationToken));
}
