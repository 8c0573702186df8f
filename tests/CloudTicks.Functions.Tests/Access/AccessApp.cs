using System.Net;
using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceDefaults.Clients;

namespace CloudTicks.Functions.Tests.Access;

/// <summary>
/// A server with the access gate, the key and audit functions, and a command that does nothing, on a database for one test.
/// </summary>
internal sealed class AccessApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AccessApp(WebApplication app, string connectionString, NpgsqlDataSource database)
    {
        (_app, ConnectionString, Database) = (app, connectionString, database);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(app.Urls.First()).Port}") };
    }

    /// <summary>An address that other machines can reach; the tests themselves connect through loopback.</summary>
    public const string AllAddresses = "http://0.0.0.0:0";

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<AccessApp> StartAsync(PostgresFixture postgres, string urls, params (string Name, string Value)[] settings)
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Cancellation);
        return await StartAsync(connectionString, urls, settings);
    }

    /// <summary>Starts the app on an existing database, with a stopped clock, so that a slow machine causes no timeout.</summary>
    public static Task<AccessApp> StartAsync(string connectionString, string urls, params (string Name, string Value)[] settings) =>
        StartAsync(connectionString, urls, new TestTime(), settings);

    /// <summary>Starts the app with the test's clock on an existing database.</summary>
    public static async Task<AccessApp> StartAsync(
        string connectionString, string urls, TimeProvider time, params (string Name, string Value)[] settings)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        builder.Services.AddTestGate(database, time);
        var app = builder.Build();
        var gate = app.Services.GetRequiredService<Gate>();
        var keys = new Keys(gate, app.Services.GetRequiredService<KeysHandler>());
        var audit = new Audit(gate, app.Services.GetRequiredService<AuditHandler>());
        Map("GET", "/api/v1/keys", http => keys.ListAsync(http.Request, http.RequestAborted));
        Map("POST", "/api/v1/keys", http => keys.CreateAsync(http.Request, http.RequestAborted));
        Map("DELETE", "/api/v1/keys/{id}",
            http => keys.RevokeAsync(http.Request, http.GetRouteValue("id")?.ToString(), http.RequestAborted));
        Map("GET", "/api/v1/keys/self", http => keys.SelfAsync(http.Request));
        Map("GET", "/api/v1/audit", http => audit.ListAsync(http.Request, http.RequestAborted));
        Map("POST", "/command", http => gate.ServeAsync(
            http.Request, AccessRole.Writer, RequestKind.Command, _ => Task.FromResult<IActionResult>(new OkResult())));
        await app.StartAsync(Cancellation);
        return new AccessApp(app, connectionString, database);

        void Map(string method, string route, Func<HttpContext, Task<IActionResult>> answer) => app.MapMethods(
            route,
            [method],
            async (HttpContext http) => await (await answer(http))
                .ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())));
    }

    public async Task<AccessResponse> SendAsync(
        string method, string path, string? body = null, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add(ServiceKey.Header, key);
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        using var json = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        if (!answer.IsSuccessStatusCode)
        {
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        return new AccessResponse(
            answer.StatusCode, json.RootElement.Clone(), text, answer.Headers.RetryAfter?.Delta, answer.Headers.WwwAuthenticate.ToString(),
            answer.Headers.CacheControl?.NoStore == true);
    }

    /// <summary>Creates a key, as an authorised caller.</summary>
    public async Task<(string Id, string Key)> CreateKeyAsync(string name, string role, string? by = null)
    {
        var answer = await SendAsync("POST", "/api/v1/keys", $$"""{"name":"{{name}}","role":"{{role}}"}""", by);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return (answer.Body.GetProperty("id").GetString()!, answer.Body.GetProperty("key").GetString()!);
    }

    /// <summary>Inserts a key into the table, as another process would.</summary>
    public async Task<(string Id, string Key)> InsertKeyAsync(string name, string role)
    {
        var (id, key) = AccessKey.Create();
        await new CentralHub.Store.Access.AccessKeyTable(Database).AddAsync(
            new CentralHub.Store.Access.AccessKeyRow(id, name, role, AccessKey.Hash(key), 1_000, "test"), Cancellation);
        return (id, key);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    internal sealed record AccessResponse(
        HttpStatusCode Status, JsonElement Body, string Text, TimeSpan? RetryAfter, string Authenticate, bool IsNotStored);
}
