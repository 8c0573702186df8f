using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds an application/problem+json body to every error response that has no body.</summary>
internal static class ErrorBodies
{
    public static void UseErrorBodies(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteAsync });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext));
    }

    private static Task WriteAsync(HttpContext context) =>
        Results.Problem(Detail(context), statusCode: context.Response.StatusCode).ExecuteAsync(context);

    private static string? Detail(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "Nothing is served at this path.",
        StatusCodes.Status405MethodNotAllowed => $"This path accepts only {context.Response.Headers.Allow}.",
        StatusCodes.Status500InternalServerError => "The service failed; its log says why.",
        _ => null,
    };
}
