using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Access;

internal static class DatabaseResponses
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Runs a handler, and responds with 503 when the database does not answer.</summary>
    public static async Task<IActionResult> RespondAsync(HttpRequest request, ILogger logger, Func<Task<IActionResult>> serve)
    {
        try
        {
            return await serve();
        }
        catch (NpgsqlException problem)
        {
            logger.RequestFailed(problem.Message);
            request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
            return JsonResponse.Problem(new ProblemDetails
            {
                Title = "The database did not answer.",
                Status = StatusCodes.Status503ServiceUnavailable,
                Detail = "The database is unavailable, or not ready yet. The request may have been executed; try again later.",
            });
        }
    }
}
