using CloudTicks.EventStream;
using CloudTicks.Relay.Archive;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>The relay's archive tail and catch-up, without WebSockets.</summary>
internal sealed class RunningArchive : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RunningArchive(string bootstrapServers, TimeSpan? pauseAfter, string? lake, TimeProvider time)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:eventhubs", bootstrapServers), new("Lake:Folder", lake)]).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(time);
        services.AddMetrics();
        services.AddSingleton(Options.Create(pauseAfter is { } after ? new RelayOptions { PauseAfter = after } : new RelayOptions()));
        services.AddEventStream(configuration);
        services.AddArchive();
        _services = services.BuildServiceProvider();
    }

    public TestLog Log { get; } = new();

    public ArchiveTail Tail => _services.GetRequiredService<ArchiveTail>();

    public LiveChannels Channels => _services.GetRequiredService<LiveChannels>();

    public CatchUp CatchUp => _services.GetRequiredService<CatchUp>();

    public ArchiveMetrics Metrics => _services.GetRequiredService<ArchiveMetrics>();

    /// <summary>Starts the tail, and completes when it has opened the archive and waits for a subscriber.</summary>
    /// <param name="pauseAfter">How long the tail keeps reading without subscribers; null for the default.</param>
    /// <param name="lake">The lake's folder; null for none.</param>
    /// <param name="time">The tail's clock; null for the system's.</param>
    public static async Task<RunningArchive> StartAsync(
        string bootstrapServers, CancellationToken cancellationToken, TimeSpan? pauseAfter = null, string? lake = null,
        TimeProvider? time = null)
    {
        var running = new RunningArchive(bootstrapServers, pauseAfter, lake, time ?? TimeProvider.System);
        try
        {
            await running.Tail.StartAsync(cancellationToken);
            await running.Log.UntilLineAsync("No client is subscribed", cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Subscribes a client, and completes when a session would acknowledge the subscription.</summary>
    public async Task<TestClient> SubscribeAsync(params Symbol[] symbols)
    {
        var client = new TestClient();
        foreach (var symbol in symbols)
        {
            Channels.Subscribe(client, symbol, TickKind.Quote);
        }

        await _services.GetRequiredService<TailReadiness>().Reached.WaitAsync(TimeSpan.FromMinutes(2));
        return client;
    }

    public Task<CatchUpResult> CatchUpAsync(
        TestClient client, long sinceMs, CancellationToken cancellationToken, params Symbol[] symbols) =>
        CatchUp.RunAsync(
            client, [.. symbols.Select(
                symbol => new SinceChannel(ChannelSelector.Of(symbol, TickKind.Quote), sinceMs, IsShared: symbols.Length > 1))],
            cancellationToken).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Tail.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
        await _services.DisposeAsync();
    }
}
