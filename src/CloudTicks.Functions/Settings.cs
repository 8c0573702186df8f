using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Explaining;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Querying;
using CloudTicks.ServiceDocuments;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves the sources of this process's settings.</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Settings(Gate gate, SettingsResponse settings)
{
    /// <summary>Lists each setting with its value (secrets are masked), its source, and the sources that it overrides.</summary>
    [Function("Settings")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/settings")] HttpRequest request) =>
        gate.ServeAsync(
            request, AccessRole.Reader, _ => Task.FromResult<IActionResult>(JsonResponse.Of(settings.ToJson(ServiceNames.Functions))));
}
