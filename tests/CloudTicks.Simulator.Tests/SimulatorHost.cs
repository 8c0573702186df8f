using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Simulator.Tests;

/// <summary>A simulator for one test, in this process, on a free port.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private SimulatorHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        // A slow machine must not fail the test; the test's own timeout ends hanging requests.
        _http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Address { get; }

    /// <param name="settings">Settings below <c>Simulator</c>, as <c>Name=value</c>.</param>
    public static Task<SimulatorHost> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    /// <param name="time">The simulator's clock.</param>
    /// <param name="settings">Settings below <c>Simulator</c>, as <c>Name=value</c>.</param>
    public static async Task<SimulatorHost> StartAsync(TimeProvider time, params string[] settings)
    {
        var app = Build("http://127.0.0.1:0", time, settings);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SimulatorHost(app);
    }

    public static WebApplication Build(string url, params string[] settings) => Build(url, TimeProvider.System, settings);

    private static WebApplication Build(string url, TimeProvider time, string[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--urls", url, .. settings.Select(setting => $"--Simulator:{setting}")]);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(time);
        builder.AddSimulator();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapSimulator();
        return app;
    }

    public Task<FeedClient> ConnectAsync(string market) =>
        FeedClient.ConnectAsync(new UriBuilder(Address) { Scheme = "ws", Path = market }.Uri);

    public async Task<JsonElement> SentAsync() =>
        await _http.GetFromJsonAsync<JsonElement>("/api/v1/sent", TestContext.Current.CancellationToken);

    public async Task<JsonElement> StopAsync()
    {
        using var response = await _http.PostAsync(new Uri("/api/v1/stop", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute));
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> JsonAsync(string path) =>
        await _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);

    /// <summary>Requests a fault.</summary>
    /// <returns>The fault's number.</returns>
    public async Task<long> RequestFaultAsync(string fault)
    {
        using var response = await PostAsync("/api/v1/faults", fault);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, json.ToString());
        return json.GetProperty("id").GetInt64();
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        _http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> DeleteAsync(string path) =>
        _http.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>The state of a fault.</summary>
    public async Task<JsonElement> FaultAsync(long id) =>
        (await JsonAsync("/api/v1/faults")).EnumerateArray().Single(fault => fault.GetProperty("id").GetInt64() == id);

    /// <summary>Polls the counts of generated and sent ticks until they meet a condition.</summary>
    public async Task UntilAsync(Predicate<JsonElement> symbols)
    {
        while (!symbols((await SentAsync()).GetProperty("symbols")))
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
