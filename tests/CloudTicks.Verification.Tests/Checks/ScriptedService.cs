using System.Collections.Concurrent;
using CloudTicks.Verification.SystemParts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>A fake collector, central hub or simulator, with responses that a test sets.</summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _responses = new();

    private Uri? _address;

    private ScriptedService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(context => _responses.TryGetValue(context.Request.Path.Value!.TrimStart('/'), out var answer)
            ? answer(context)
            : Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound));
    }

    public static async Task<ScriptedService> StartAsync()
    {
        var service = new ScriptedService();
        await service._app.StartAsync(TestContext.Current.CancellationToken);
        service._address = new Uri(service._app.Urls.Single());
        return service;
    }

    public ServiceQueryClient CreateClient(string part) => new(part, _address!, null, MaxWait, TimeProvider.System);

    public void Respond(string path, string json) => Respond(path, context => context.Response.WriteAsync(json));

    public void Respond(string path, int status, string json) => Respond(path, context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(json);
    });

    public void Respond(string path, RequestDelegate answer) => _responses[path] = answer;

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
