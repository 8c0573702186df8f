using CloudTicks.Functions.Hosting.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Http;

internal static class HttpFunctions
{
    private const string PrefixSetting = "extensions:http:routePrefix";
    private const string DefaultPrefix = "api";

    public static void MapFunctions(this WebApplication app)
    {
        var prefix = HostJson.Read(app.Environment.ContentRootPath, app.Configuration)[PrefixSetting] ?? DefaultPrefix;
        var metrics = app.Services.GetRequiredService<FunctionsMetrics>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var logger = app.Services.GetRequiredService<ILogger<HttpFunctionHandler>>();
        foreach (var function in app.Services.GetRequiredService<IReadOnlyList<HttpFunction>>())
        {
            var call = new FunctionCall(function.Name, function.Method, app.Services);
            var handler = new HttpFunctionHandler(function.Name, call, metrics, time, logger);
            Map(app, $"{prefix.Trim('/')}/{function.Route.Trim('/')}", function.Trigger.Methods, handler).WithDisplayName(function.Name);
        }
    }

    private static IEndpointConventionBuilder Map(WebApplication app, string route, string[] methods, HttpFunctionHandler handler) =>
        methods.Length == 0 ? app.Map(route, handler.InvokeAsync) : app.MapMethods(route, methods, handler.InvokeAsync);
}
