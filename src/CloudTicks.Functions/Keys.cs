using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Lists, creates and revokes keys over HTTP (docs/central-hub.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Keys(Gate gate, KeysHandler handler)
{
    /// <summary>Lists the keys, without their secrets.</summary>
    [Function("KeysList")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/keys")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, _ => handler.ListAsync(request, cancellationToken));

    /// <summary>Creates a key, which is shown once.</summary>
    [Function("KeysCreate")]
    public Task<IActionResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/keys")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.CreateAsync(request, caller, cancellationToken));

    /// <summary>Revokes a key permanently.</summary>
    [Function("KeysRevoke")]
    public Task<IActionResult> RevokeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/v1/keys/{id}")] HttpRequest request,
        string? id,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.RevokeAsync(request, id ?? "", caller, cancellationToken));

    /// <summary>Returns the caller's name and role.</summary>
    /// <returns>An object with <c>name</c> and <c>role</c>.</returns>
    [Function("KeysSelf")]
    public Task<IActionResult> SelfAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/keys/self")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, caller => Task.FromResult(KeysHandler.Self(caller)));
}
