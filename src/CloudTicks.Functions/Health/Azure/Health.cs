using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions;

/// <summary>Serves health over HTTP on Azure Functions; our own host serves it itself. Neither route needs a key.</summary>
public sealed class Health(HealthCheckService checks)
{
    /// <summary>Runs every check: 503 if one is unhealthy, otherwise 200; both with the problems.</summary>
    /// <returns>Text, or JSON if requested.</returns>
    [Function("Health")]
    public async Task<IActionResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken) =>
        new HealthResult(await checks.CheckHealthAsync(cancellationToken));

    /// <summary>Runs the checks tagged <c>live</c>: whether the worker responds.</summary>
    [Function("Alive")]
    public async Task<IActionResult> AliveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "alive")] HttpRequest request, CancellationToken cancellationToken) =>
        new HealthResult(await checks.CheckHealthAsync(check => check.Tags.Contains("live"), cancellationToken));

    private sealed class HealthResult(HealthReport report) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context)
        {
            context.HttpContext.Response.StatusCode =
                report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return HealthText.WriteAsync(context.HttpContext, report);
        }
    }
}
