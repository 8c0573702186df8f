using System.Net;
using System.Text.Json;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Relay.Tests.Clients;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>A relay with history for one test, in this process, on a free port.</summary>
internal sealed class HistoryRelay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;
    private readonly HttpClient _http;

    private HistoryRelay(WebApplication app, TemporaryFolder folder)
    {
        (_app, _folder) = (app, folder);
        Address = new Uri(app.Urls.Single());
        // A slow machine must not fail the test; the test's own timeout ends hanging requests.
        _http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Address { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<HistoryRelay> StartAsync(HistoryFixture history, TimeProvider? time = null, params string[] settings) =>
        StartAsync(
            time, [$"ConnectionStrings:eventhubs={history.HubAddress}", $"ConnectionStrings:timescale={history.Database}", .. settings]);

    /// <param name="settings">Settings as <c>Section:Name=value</c>; by default the table has no retention window.</param>
    public static async Task<HistoryRelay> StartAsync(TimeProvider? time, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var app = RelayHost.Build(
            "http://127.0.0.1:0", time ?? TimeProvider.System, AddPositions,
            [$"CentralHub:Folder={folder.Path}", "Timescale:RetentionWindow=", "Relay:RequestsPerSecond=10000", .. settings]);
        await app.StartAsync(Cancellation);
        return new HistoryRelay(app, folder);
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute));
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using var response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement);
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        var (status, json) = await GetAsync(path);
        status.ShouldBe(HttpStatusCode.OK, json.ToString());
        return json;
    }

    /// <summary>Reads all rows of an endpoint, following <c>next_url</c>.</summary>
    /// <param name="between">Runs before each page except the first.</param>
    public async Task<List<JsonElement>> PagesAsync(string path, Func<Task>? between = null)
    {
        var rows = new List<JsonElement>();
        for (var next = path; next is not null;)
        {
            var page = await JsonAsync(next);
            page.GetProperty("status").GetString().ShouldBe("OK");
            page.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
            if (page.TryGetProperty("results", out var results))
            {
                results.GetArrayLength().ShouldBePositive();
                rows.AddRange(results.EnumerateArray());
            }

            next = page.TryGetProperty("next_url", out var url) ? url.GetString() : null;
            if (next is not null && between is not null)
            {
                await between();
            }
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Queries of positions use the system's clock: if the event hub answers late, they are repeated after 100 ms, which a test's clock may
    /// never reach.
    /// </summary>
    private static void AddPositions(IServiceCollection services) => services.AddSingleton(provider => new StreamPositions(
        provider.GetRequiredService<EventStreamConnection>(), TimeProvider.System,
        provider.GetRequiredService<ILogger<StreamPositions>>())
    {
        CachesClients = true,
    });
}
