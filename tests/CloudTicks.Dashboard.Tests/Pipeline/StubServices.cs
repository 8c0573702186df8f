using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Dashboard.Tests.Pipeline;

/// <summary>Collector, functions, event hub and relay in one server, with responses set by the test.</summary>
internal sealed class StubServices : IAsyncDisposable
{
    private const string Healthy = """{"status":"Healthy","checks":{"timescale":{"status":"Healthy","description":null,"facts":{}}}}""";

    private readonly WebApplication _app;
    private long _ticks;

    private StubServices(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public (string Name, string Value)[] Settings =>
        [("Dashboard:Functions", Address), ("Dashboard:Collectors:0", Address), ("Dashboard:EventHubHealth", $"{Address}/health"),
            ("Dashboard:Relay", Address)];

    /// <summary>The response of <c>/health</c>.</summary>
    public string Health { get; set; } = Healthy;

    /// <summary>Fields to add to the status, each with a leading comma.</summary>
    public string Status { get; set; } = "";

    /// <summary>Replaces every response; null for the regular ones.</summary>
    public Func<HttpContext, Task>? OverrideResponse { get; set; }

    public static async Task<StubServices> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var stub = new StubServices(builder.Build());
        stub._app.Map("/{**path}", stub.RespondAsync);
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task RespondAsync(HttpContext context)
    {
        if (OverrideResponse is { } respond)
        {
            return respond(context);
        }

        context.Response.ContentType = "application/json";
        var ticks = Interlocked.Add(ref _ticks, 1_000);
        return context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/health" => Health,
            "/api/v1/status" => $$"""
                {"feed":"simulated","connected":{"forex":true},"refused":{},"received":{{ticks}},"archived":{{ticks}},"archived_records":{{ticks}},"stored":{{ticks}},"published":{{ticks}},
                "lag_records":7,"rejected":{"crossed":3},"queued_bytes":10,"queued_bytes_limit":100,"in_flight":1,"spool":{"bytes":0,"limit_bytes":1000,"records":0,"pressure":"none"}{{Status}},
                "clients":[{"id":1,"key":"strategy","market":"forex","remote":"127.0.0.1:9","connected_ms":1,"channels":1,"names":["C.EUR/USD"],"sent_events":5,"waiting_bytes":0,"behind_ms":0}]}
                """,
            "/api/v1/config" =>
                """{"services":[{"service":"tick-functions","version":4,"instances":[{"instance":"a","version":4,"state":"following","problem":null,"reported_ms":1}]}]}""",
            "/api/v1/gaps" =>
                """[{"symbol":"EURUSD","kind":"quote","from_ms":1,"to_ms":2,"cause":"outage","state":"filled","recovered":5}]""",
            "/api/v1/retention" => """{"retention_days":3,"disks":[]}""",
            _ => "{}",
        });
    }
}
