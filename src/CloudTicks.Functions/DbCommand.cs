using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.DbCommands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Receives ticks over HTTP and adds them to the stream (docs/db-command.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class DbCommand(Gate gate, DbCommandHandler handler)
{
    /// <summary>Executes a command; responds when the event hub has acknowledged all of its ticks.</summary>
    /// <param name="cancellationToken">Ends the wait; ticks that were already sent still enter the stream.</param>
    [Function("DbCommand")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "db_command")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, RequestKind.Command, _ => handler.RunAsync(request, cancellationToken));
}
