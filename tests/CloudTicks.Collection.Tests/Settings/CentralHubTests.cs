using System.Net;
using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Polygon.Sessions;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Settings;

/// <summary>Tests how the central hub's document changes the collector's options.</summary>
public sealed class CentralHubTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _hub = Hub();

    // The clock advances only while a test waits, so that requests to the central hub do not time out on a slow machine.
    private readonly TestTime _time = new();
    private (int Version, string Json) _document;
    private IHost? _collector;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_changes_all_options_and_invalid_one_changes_none()
    {
        _document = (1, """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"],"rate_limit_per_second":7}}""");
        var (collector, polygon) = await StartAsync();

        collector.CurrentValue.Symbols.ShouldBe(["EURUSD", "XAUUSD", "GBPUSD", "EURAUD"]);
        polygon.CurrentValue.RateLimitPerSecond.ShouldBe(7);

        // The symbol is valid, the rate is out of range.
        _document = (2, """{"operational":{"symbols":["EURUSD"],"rate_limit_per_second":100000}}""");
        await UntilAsync(
            async () => await ProblemAsync() is { } problem && problem.Contains("rate_limit_per_second", StringComparison.Ordinal));
        collector.CurrentValue.Symbols!.Count.ShouldBe(4);
        polygon.CurrentValue.RateLimitPerSecond.ShouldBe(7);

        _document = (3, """{"operational":{"symbols":["AAPL"],"rate_limit_per_second":9}}""");
        // The options are updated one after another, so wait for the second update.
        await UntilAsync(() => Task.FromResult(polygon.CurrentValue.RateLimitPerSecond == 9 && collector.CurrentValue.Symbols is ["AAPL"]));
    }

    [Fact]
    public async Task Default_document_keeps_environment_settings()
    {
        _document = (0, """{"operational":{"symbols":["EURUSD"],"rate_limit_per_second":7}}""");
        var (collector, polygon) = await StartAsync();

        collector.CurrentValue.Symbols!.Count.ShouldBe(14);
        polygon.CurrentValue.RateLimitPerSecond.ShouldBe(11);
    }

    public async ValueTask InitializeAsync()
    {
        _hub.MapGet("/api/v1/config/polygon-live-collector", (HttpContext http) =>
        {
            var (version, json) = _document;
            var tag = DocumentTag.Of(version, json);
            http.Response.Headers["Config-Version"] = JsonSerializer.Serialize(version);
            http.Response.Headers.ETag = tag;
            return http.Request.Headers.IfNoneMatch == tag ? Results.StatusCode((int)HttpStatusCode.NotModified)
                : Results.Bytes(Encoding.UTF8.GetBytes(json), "application/json");
        });
        await _hub.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null)
        {
            await _collector.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)_collector).DisposeAsync();
        }

        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    private static WebApplication Hub()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        return builder.Build();
    }

    /// <summary>Starts only the options and the central hub's client; nothing is collected.</summary>
    private async Task<(IOptionsMonitor<CollectorOptions> Collector, IOptionsMonitor<PolygonOptions> Polygon)> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("POLYGON_API_KEY", "key"), new("ConnectionStrings:eventhubs", "127.0.0.1:1"),
            new("CentralHub:Endpoint", _hub.Urls.Single()),
            new("CentralHub:Folder", _folder.Path), new("Polygon:RateLimitPerSecond", "11"),
            .. CollectorOptions.DefaultSymbols.Index()
                .Select(symbol => new KeyValuePair<string, string?>($"Collector:Symbols:{symbol.Index}", symbol.Item)),
        ]);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddCollection(builder.Configuration);
        builder.Services.RemoveAll<IHostedService>();
        builder.AddCentralHub(new CollectorDefinition());
        _collector = builder.Build();
        await _collector.BeginCentralHubAsync(Cancellation);
        await _collector.StartAsync(Cancellation);
        return (_collector.Services.GetRequiredService<IOptionsMonitor<CollectorOptions>>(),
            _collector.Services.GetRequiredService<IOptionsMonitor<PolygonOptions>>());
    }

    private async Task<string?> ProblemAsync()
    {
        var report = await _collector!.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == "central-hub", Cancellation);
        return report.Status == HealthStatus.Degraded ? report.Entries["central-hub"].Description : null;
    }

    private async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await reached())
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }
}
