using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Describing;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Describes what is served over HTTP.</summary>
/// <param name="gate">Lets through who may.</param>
public sealed class OpenApi(Gate gate)
{
    /// <summary>The description.</summary>
    [Function("OpenApi")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/openapi.json")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult<IActionResult>(JsonAnswer.Of(OpenApiDocument.Json)));
}
