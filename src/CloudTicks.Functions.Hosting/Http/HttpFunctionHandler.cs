using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Http;

internal sealed class HttpFunctionHandler(
    string name, FunctionCall call, FunctionsMetrics metrics, TimeProvider time, ILogger<HttpFunctionHandler> logger)
{
    /// <summary>Serves one request. If the function fails, logs the failure and responds with 500.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        try
        {
            var result = await call.InvokeAsync(
                parameter =>
                    parameter.ParameterType == typeof(HttpRequest) ? http.Request : http.GetRouteValue(parameter.Name!)?.ToString(),
                NoBinding.Instance,
                http.RequestAborted);
            if (result is not null)
            {
                await result.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
            }

            metrics.Invoked(name, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.ClientDisconnected(name, http.Request.Method, http.Request.Path);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            // The client sent a truncated, too slow or malformed body.
            logger.RequestMalformed(name, http.Request.Method, http.Request.Path, exception.Message);
            await Results.Problem(detail: exception.Message, statusCode: exception.StatusCode).ExecuteAsync(http);
        }
        catch (Exception failed) when (!http.Response.HasStarted)
        {
            metrics.Failed(name);
            logger.RequestFailed(name, http.Request.Method, http.Request.Path, failed);
            await Results.Problem(
                detail: $"Function {name} failed; its log says why.", statusCode: StatusCodes.Status500InternalServerError)
                .ExecuteAsync(http);
        }
    }
}
