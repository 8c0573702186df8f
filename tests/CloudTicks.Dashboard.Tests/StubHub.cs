using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.Dashboard.Tests;

/// <summary>
/// A stub of the functions that accepts some keys, returns opening ticks and echoes other requests, to test what the real functions do only
/// by chance.
/// </summary>
internal sealed class StubHub : IAsyncDisposable
{
    public const string Writer = "ctk_aaaaaaaaaaaa_1111111111111111111111111111111111111111111111111111111111111111";
    public const string Reader = "ctk_bbbbbbbbbbbb_2222222222222222222222222222222222222222222222222222222222222222";

    private readonly WebApplication _app;
    private int _lookupCount;

    private StubHub(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The number of key lookups.</summary>
    public int LookupCount => Volatile.Read(ref _lookupCount);

    /// <summary>Whether the writer's key is revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>The first ticks of the session, by kind; null while the table is unavailable.</summary>
    public IReadOnlyDictionary<string, string[]>? Openings { get; set; }

    public static async Task<StubHub> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var hub = new StubHub(builder.Build());
        hub._app.MapGet("/api/v1/keys/self", hub.Self);
        hub._app.MapGet("/api/v1/quotes/opening", hub.Opening);
        hub._app.Map("/{**path}", EchoAsync);
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Self(HttpContext context)
    {
        Interlocked.Increment(ref _lookupCount);
        return context.Request.Headers[ServiceKey.Header].ToString() switch
        {
            Writer when !IsRevoked => Results.Json(new { name = "anna", role = "writer" }),
            Reader => Results.Json(new { name = "ben", role = "reader" }),
            _ => Results.Unauthorized(),
        };
    }

    private IResult Opening(string kind, int limit) => Openings is { } openings
        ? Results.Text($"[{string.Join(',', openings.GetValueOrDefault(kind, []).Take(limit))}]", "application/json")
        : Results.Problem("The table is being counted.", statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>Responds with the request, with headers that are forwarded to a browser, and with a cookie that must not be.</summary>
    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        context.Response.Headers.SetCookie = "evil=1";
        context.Response.Headers.ETag = "\"7\"";
        context.Response.Headers["Config-Version"] = "7";
        await context.Response.WriteAsJsonAsync(new
        {
            method = context.Request.Method,
            target = context.Request.Path.ToUriComponent() + context.Request.QueryString,
            key = context.Request.Headers[ServiceKey.Header].ToString(),
            cookie = context.Request.Headers.Cookie.ToString(),
            if_match = context.Request.Headers.IfMatch.ToString(),
            body,
        });
    }
}
