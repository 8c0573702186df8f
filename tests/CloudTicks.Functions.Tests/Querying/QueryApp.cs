using System.Reflection;
using System.Text.Json;
using CloudTicks.Functions.Querying;
using CloudTicks.Functions.Tests.Access;
using CloudTicks.History;
using CloudTicks.Lake;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Tests.Querying;

/// <summary>Serves the query functions on their routes, with a real database.</summary>
internal sealed class QueryApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private QueryApp(WebApplication app) => (_app, Http) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

    public HttpClient Http { get; }

    /// <summary>The clock from which the app computes ages: 2025-01-27 16:06:40.001 UTC.</summary>
    public static TestTime Time => new(DateTimeOffset.FromUnixTimeMilliseconds(1_737_994_000_001));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<QueryApp> StartAsync(
        string connectionString, NpgsqlDataSource database, CancellationToken cancellationToken, string? lake = null,
        TimeSpan? retention = null, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Lake:Folder"] = lake,
            ["Timescale:RetentionWindow"] = retention?.ToString() ?? "",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddTestGate(database);
        builder.Services.AddSingleton(time ?? Time);
        builder.Services.AddReading(connectionString);
        builder.Services.AddOptions<TimescaleOptions>().BindConfiguration(TimescaleOptions.Section);
        builder.Services.AddLakeReading().AddTickHistory();
        builder.Services.AddSingleton(new ArchiveStart((_, _) => Task.FromResult(true), Time));
        builder.Services.AddSingleton<QuerySlots>().AddSingleton<QueryHandler>().AddSingleton<PriceHandler>().AddSingleton<Query>();
        var app = builder.Build();
        foreach (var method in typeof(Query).GetMethods().Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null))
        {
            var trigger = method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!;
            app.MapGet(trigger.Route!, http => ServeAsync(app.Services.GetRequiredService<Query>(), method, http));
        }

        await app.StartAsync(cancellationToken);
        return new QueryApp(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        return await Http.SendAsync(request, Cancellation);
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var response = await GetAsync(path);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task ServeAsync(Query query, MethodInfo method, HttpContext http)
    {
        object?[] arguments = method.GetParameters() is [_, var symbol] ? [http.Request, http.GetRouteValue(symbol.Name!)?.ToString()]
            : [http.Request];
        var response = await (Task<IActionResult>)method.Invoke(query, arguments)!;
        await response.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
    }
}
