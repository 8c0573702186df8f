using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Tests.Access;

/// <summary>What of the central hub knows whose a key is.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private TestHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/api/v1/keys/self", (HttpRequest request) =>
        {
            Interlocked.Increment(ref _asked);
            return Trouble is { } trouble ? trouble
                : Keys.TryGetValue(request.Headers[ServiceKey.Header].ToString(), out var holder)
                    ? Results.Json(new { name = holder.Name, role = holder.Role })
                : Results.Unauthorized();
        });
        _app.MapGet("/api/v1/keys", () =>
        {
            Interlocked.Increment(ref _asked);
            return Trouble ?? Results.Json(
                Keys.Select(key => new Dictionary<string, object> { ["name"] = key.Value.Name })
                    .Append(new() { ["name"] = "revoked", ["revoked_ms"] = 1 }));
        });
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Who holds which key.</summary>
    public ConcurrentDictionary<string, (string Name, string Role)> Keys { get; } = new();

    /// <summary>What it answers instead.</summary>
    public IResult? Trouble { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static async Task<TestHub> StartAsync()
    {
        var hub = new TestHub();
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
