using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Rollouts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves rollouts over HTTP: feature flags that turn symbols on step by step (docs/central-hub.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class RolloutRequests(Gate gate, RolloutView view, RolloutHandler handler)
{
    private const string Root = "api/v1/rollouts";
    private const string Flag = Root + "/{flag}";

    /// <summary>Lists each flag with the symbols that are on and off.</summary>
    [Function("RolloutList")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Root)] HttpRequest request, CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => view.ListAsync(request, cancellationToken));

    /// <summary>Sets the percentage of a flag.</summary>
    [Function("RolloutSet")]
    public Task<IActionResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Flag)] HttpRequest request, string? flag,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.SetAsync(flag, caller, request, cancellationToken));

    /// <summary>Turns all symbols off; the percentage is kept.</summary>
    [Function("RolloutPause")]
    public Task<IActionResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Flag + "/pause")] HttpRequest request, string? flag,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(
            request, AccessRole.Writer, caller => handler.SwitchAsync(flag, enabled: false, caller, request, cancellationToken));

    /// <summary>Turns on the symbols that a pause turned off.</summary>
    [Function("RolloutResume")]
    public Task<IActionResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Flag + "/resume")] HttpRequest request, string? flag,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.SwitchAsync(flag, enabled: true, caller, request, cancellationToken));

    /// <summary>Rolls back the last step.</summary>
    [Function("RolloutRollback")]
    public Task<IActionResult> RollBackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Flag + "/rollback")] HttpRequest request, string? flag,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.RollBackAsync(flag, caller, request, cancellationToken));
}
