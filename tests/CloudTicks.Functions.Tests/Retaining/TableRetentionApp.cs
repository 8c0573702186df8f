using System.Net;
using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Store;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Querying;
using CloudTicks.Functions.Retaining;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Clients;

namespace CloudTicks.Functions.Tests.Retaining;

/// <summary>Serves the retention functions on their routes, with a separate database for each test. No timer runs them.</summary>
internal sealed class TableRetentionApp : IAsyncDisposable
{
    public const long HourMs = 3_600_000;

    private readonly WebApplication _app;

    private TableRetentionApp(WebApplication app, string connectionString) =>
        (_app, Database, Http) = (app, NpgsqlDataSource.Create(connectionString + ";Application Name=test"),
            new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

    public NpgsqlDataSource Database { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TableRetentionApp> StartAsync(PostgresFixture postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["ConnectionStrings:timescale"] = connectionString;
        builder.Services.AddTimescale(builder.Configuration).AddCentralHubStore();
        builder.Services.AddGate();
        builder.Services.AddSingleton<QuerySlots>();
        builder.Services.AddTableRetention();
        builder.Services.AddSingleton<TableRetentionApi>();
        // The clock is stopped, so that a slow machine causes no timeout: a local caller whose key cannot be looked up in time may do
        // everything.
        builder.Services.AddSingleton<TimeProvider>(new TestTime(TimeProvider.System.GetUtcNow()));
        var app = builder.Build();
        app.MapGet("/api/v1/retention",
            http => RespondAsync(http, app.Services.GetRequiredService<TableRetentionApi>().GetStatusAsync(http.Request)));
        app.MapPost("/api/v1/retention/run",
            http => RespondAsync(http, app.Services.GetRequiredService<TableRetentionApi>().RunAsync(http.Request, http.RequestAborted)));
        await app.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
        await app.StartAsync(Cancellation);
        return new TableRetentionApp(app, connectionString);
    }

    /// <summary>Creates a reader's key.</summary>
    public async Task<string> ReaderKeyAsync()
    {
        var (id, key) = AccessKey.Create();
        await _app.Services.GetRequiredService<AccessKeyTable>()
            .AddAsync(new AccessKeyRow(id, "looker", "reader", AccessKey.Hash(key), 0, "test"), Cancellation);
        return key;
    }

    /// <summary>Stores a tick for every quarter of an hour.</summary>
    public async Task FillAsync(long fromMs, long toMs)
    {
        await using var insert = Database.CreateCommand(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
            SELECT 'EURUSD', t, 'forex', 'quote', 'live', t, t FROM generate_series({fromMs}, {toMs}, {HourMs / 4}) t
            """);
        await insert.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<long> CountAsync()
    {
        await using var count = Database.CreateCommand("SELECT count(*) FROM market_ticks");
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }

    public Task<JsonElement> GetStatusAsync() => JsonAsync(HttpMethod.Get, "/api/v1/retention");

    public Task<JsonElement> RunAsync(string query = "") => JsonAsync(HttpMethod.Post, $"/api/v1/retention/run{query}");

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.Add(ServiceKey.Header, key);
        }

        using var response = await Http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    /// <summary>Returns the health entry of retention.</summary>
    public async Task<HealthReportEntry> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["retention"];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Database.DisposeAsync();
        await _app.DisposeAsync();
    }

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static async Task RespondAsync(HttpContext http, Task<IActionResult> response) =>
        await (await response).ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
}
