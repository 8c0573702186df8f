using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.Relay.Archive;
using CloudTicks.Simulator.Tests;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>
/// A relay for one test, in this process, on a free port. By default there is no event hub, and the test publishes events in place of the
/// archive's tail.
/// </summary>
internal sealed class RelayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private RelayHost(WebApplication app, TemporaryFolder folder)
    {
        (_app, _folder) = (app, folder);
        Http = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Uri Address => new(_app.Urls.Single());

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">Settings as <c>Section:Name=value</c>.</param>
    public static Task<RelayHost> StartAsync(params string[] settings) =>
        // On a busy machine a client may need long to send its key.
        StartAsync(TimeProvider.System, ["Relay:AuthTimeout=00:05:00", .. settings]);

    public static async Task<RelayHost> StartAsync(TimeProvider time, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var app = Build("http://127.0.0.1:0", time, [$"CentralHub:Folder={folder.Path}", .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        if (!settings.Any(setting => setting.StartsWith("ConnectionStrings:eventhubs", StringComparison.Ordinal)))
            app.Services.GetRequiredService<TailReadiness>().Set();
        return new RelayHost(app, folder);
    }

    public static WebApplication Build(string url, TimeProvider time, params string[] settings) => Build(url, time, _ => { }, settings);

    /// <param name="addServices">Called before the relay adds its services, so that a service added here replaces the relay's own.</param>
    public static WebApplication Build(
        string url, TimeProvider time, Action<IServiceCollection> addServices, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(
            ["--urls", url, "--ConnectionStrings:eventhubs=127.0.0.1:1", .. settings.Select(setting => $"--{setting}")]);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(time);
        addServices(builder.Services);
        builder.AddGate("relay", 8200);
        builder.AddRelay();
        var app = builder.Build();
        app.MapRelay();
        return app;
    }

    public Task<FeedClient> ConnectAsync(string market) =>
        FeedClient.ConnectAsync(new UriBuilder(Address) { Scheme = "ws", Path = market }.Uri);

    /// <summary>Connects to a market and authenticates with a key.</summary>
    public async Task<FeedClient> OpenAsync(string market, string key = "any") => await (await ConnectAsync(market)).AuthenticateAsync(key);

    /// <summary>Sends an event to the subscribers of a channel, as the tail does.</summary>
    public void Publish(string name, TickKind kind, int number) => Publish(name, kind, Event(name, kind, number));

    public void Publish(string name, TickKind kind, ReadOnlySpan<byte> events, int count = 1)
    {
        Symbol.TryParse(name, out var symbol).ShouldBeTrue();
        var channels = Services.GetRequiredService<LiveChannels>();
        lock (channels.DeliveryLock)
        {
            foreach (var subscriber in channels.Find(symbol, kind)?.Subscribers ?? [])
                subscriber.Receive(events, count);
        }
    }

    public static byte[] Event(string name, TickKind kind, int number) => Encoding.UTF8.GetBytes(
        $$"""{"ev":"{{(kind == TickKind.Trade ? "T" : "Q")}}","sym":"{{name}}","q":{{number}},"t":1700000000000}""");

    public async Task<JsonElement> StatusAsync() =>
        JsonDocument.Parse(await Http.GetStringAsync("/api/v1/status", TestContext.Current.CancellationToken)).RootElement;

    /// <summary>Polls the status until its clients meet a condition, and returns them.</summary>
    public async Task<JsonElement> UntilAsync(Predicate<JsonElement> matches)
    {
        while (true)
        {
            var clients = (await StatusAsync()).GetProperty("clients");
            if (matches(clients))
                return clients;
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
