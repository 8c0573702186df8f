using CloudTicks.EventStream;
using CloudTicks.Relay.Archive;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>The relay's tail and catching up, without its sockets.</summary>
internal sealed class RunningArchive : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RunningArchive(string bootstrapServers)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:eventhubs", bootstrapServers)]).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<RelayOptions>();
        services.AddEventStream(configuration);
        services.AddArchive();
        _services = services.BuildServiceProvider();
    }

    public TestLog Log { get; } = new();

    public ArchiveTail Tail => _services.GetRequiredService<ArchiveTail>();

    public LiveChannels Channels => _services.GetRequiredService<LiveChannels>();

    public CatchUp CatchUp => _services.GetRequiredService<CatchUp>();

    public ArchiveMetrics Metrics => _services.GetRequiredService<ArchiveMetrics>();

    /// <summary>Starts the tail, and returns when it follows the archive.</summary>
    public static async Task<RunningArchive> StartAsync(string bootstrapServers, CancellationToken cancellationToken)
    {
        var running = new RunningArchive(bootstrapServers);
        try
        {
            await running.Tail.StartAsync(cancellationToken);
            await running.Tail.Opened.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    public TestClient Subscribe(params Symbol[] symbols)
    {
        var client = new TestClient();
        foreach (var symbol in symbols)
        {
            Channels.Subscribe(client, symbol, TickKind.Quote);
        }

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
