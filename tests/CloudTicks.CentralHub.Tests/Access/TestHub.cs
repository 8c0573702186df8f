using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Tests.Access;

/// <summary>A central hub that serves only keys.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requestCount;

    private TestHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/api/v1/keys/self", (HttpRequest request) =>
        {
            Interlocked.Increment(ref _requestCount);
            return OverrideResponse is { } overriding ? overriding
                : Keys.TryGetValue(request.Headers[ServiceKey.Header].ToString(), out var holder)
                    ? Results.Json(new { name = holder.Name, role = holder.Role })
                : Results.Unauthorized();
        });
        _app.MapGet("/api/v1/keys", () =>
        {
            Interlocked.Increment(ref _requestCount);
            return OverrideResponse ?? Results.Json(
                Keys.Select(key => new Dictionary<string, object> { ["name"] = key.Value.Name })
                    .Append(new() { ["name"] = "revoked", ["revoked_ms"] = 1 }));
        });
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The names and roles of the key holders, by key.</summary>
    public ConcurrentDictionary<string, (string Name, string Role)> Keys { get; } = new();

    /// <summary>A response that replaces the regular one.</summary>
    public IResult? OverrideResponse { get; set; }

    /// <summary>The number of requests so far.</summary>
    public int RequestCount => Volatile.Read(ref _requestCount);

    public static async Task<TestHub> StartAsync()
    {
        var hub = new TestHub();
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
