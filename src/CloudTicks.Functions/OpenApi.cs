using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Describing;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves the OpenAPI description.</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class OpenApi(Gate gate)
{
    /// <summary>Returns the OpenAPI description.</summary>
    [Function("OpenApi")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/openapi.json")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult<IActionResult>(JsonResponse.Of(OpenApiDocument.Json)));
}
