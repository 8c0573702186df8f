using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Configuring;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves and changes the documents of the central hub, which services follow (docs/central-hub.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Config(Gate gate, DocumentHandler documents, ChangeHandler changes, InstanceHandler instances)
{
    private const string Service = "api/v1/config/{service}";

    /// <summary>Returns the document in force, immediately or when it changes.</summary>
    [Function("ConfigGet")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Service)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => documents.GetAsync(service, request, cancellationToken));

    /// <summary>Applies a JSON merge patch.</summary>
    [Function("ConfigPatch")]
    public Task<IActionResult> PatchAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Service)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => changes.PatchAsync(service, caller, request, cancellationToken));

    /// <summary>Replaces the whole document.</summary>
    [Function("ConfigPut")]
    public Task<IActionResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Service)] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => changes.PutAsync(service, caller, request, cancellationToken));

    /// <summary>Lists the versions, newest first.</summary>
    [Function("ConfigHistory")]
    public Task<IActionResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Service + "/history")] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => documents.HistoryAsync(service, request, cancellationToken));

    /// <summary>Returns one version.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    [Function("ConfigVersion")]
    public Task<IActionResult> VersionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Service + "/versions/{version}")] HttpRequest request,
        string? service,
        string? version,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => documents.VersionAsync(service, version, cancellationToken));

    /// <summary>Restores an earlier version as a new one.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    [Function("ConfigRollback")]
    public Task<IActionResult> RollBackAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Service + "/rollback/{version}")] HttpRequest request,
        string? service,
        string? version,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Writer, caller => changes.RollBackAsync(service, version, caller, request, cancellationToken));

    /// <summary>Returns the JSON schema of the document.</summary>
    [Function("ConfigSchema")]
    public Task<IActionResult> SchemaAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Service + "/schema")] HttpRequest request, string? service,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => documents.SchemaAsync(service, cancellationToken));

    /// <summary>Receives a process's report. A reader's key suffices, because services do not have a writer's key.</summary>
    [Function("ConfigReport")]
    public Task<IActionResult> ReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Service + "/instances/{instance}")] HttpRequest request,
        string? service,
        string? instance,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => instances.ReportAsync(service, instance, request, cancellationToken));
}
