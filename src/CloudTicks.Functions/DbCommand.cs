using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.DbCommands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Takes ticks over HTTP into the stream (docs/db-command.md).</summary>
/// <param name="gate">Lets through who may.</param>
public sealed class DbCommand(Gate gate, DbCommandHandler handler)
{
    /// <summary>Carries a command out; answers when the event hub has acknowledged every tick of it.</summary>
    /// <param name="cancellationToken">Ends the wait; what was handed over already still enters the stream.</param>
    [Function("DbCommand")]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "db_command")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, RequestKind.Command, _ => handler.RunAsync(request, cancellationToken));
}
