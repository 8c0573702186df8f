using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves the audit log over HTTP.</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Audit(Gate gate, AuditHandler handler)
{
    /// <summary>Lists the audit log, newest first.</summary>
    [Function("AuditList")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/audit")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => handler.ListAsync(request, cancellationToken));
}
