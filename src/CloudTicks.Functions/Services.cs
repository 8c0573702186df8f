using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Lists the services whose documents the central hub stores, and registers others (docs/central-hub.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Services(Gate gate, InstanceHandler instances, ServiceHandler handler)
{
    private const string Root = "api/v1/services";
    private const string ServiceRoute = Root + "/{service}";
    private const string OldRoute = "api/v1/config";

    /// <summary>Lists the services, their versions, and the processes that follow them.</summary>
    [Function("ServiceList")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Root)] HttpRequest request, CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => instances.ListAsync(cancellationToken));

    /// <summary>Lists the services at the old route. This is a second function, because a function has only one route.</summary>
    [Function("ConfigList")]
    public Task<IActionResult> ListAtOldRouteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = OldRoute)] HttpRequest request, CancellationToken cancellationToken) =>
        ListAsync(request, cancellationToken);

    /// <summary>Returns the schema and the defaults of a service.</summary>
    [Function("ServiceGet")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ServiceRoute)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => handler.GetAsync(service, cancellationToken));

    /// <summary>Registers a service, or replaces its schema and defaults.</summary>
    [Function("ServiceRegister")]
    public Task<IActionResult> RegisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = ServiceRoute)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.RegisterAsync(service, caller, request, cancellationToken));

    /// <summary>Removes a registration.</summary>
    [Function("ServiceUnregister")]
    public Task<IActionResult> UnregisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ServiceRoute)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => handler.UnregisterAsync(service, caller, request, cancellationToken));
}
