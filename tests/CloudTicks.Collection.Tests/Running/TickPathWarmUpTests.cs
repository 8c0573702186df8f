using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Running;
using CloudTicks.Collection.Storage;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Running;

public sealed class TickPathWarmUpTests : IDisposable
{
    private const int Rounds = 40;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warm_up_ticks_of_each_kind_reach_only_the_warm_up_sink()
    {
        using var host = BuildHost("EURUSD,X:BTC-USD,AAPL,O:SPY261218C00650000");
        var wanted = host.Services.GetRequiredService<WantedChannels>();
        using var folder = DataFolder.Open(host.Services.GetRequiredService<IOptions<CollectorOptions>>().Value);

        var ticks = await host.Services.GetRequiredService<TickPathWarmUp>().RunAsync(folder, Cancellation);

        ticks.ShouldBe(wanted.Channels.Count * Rounds);
        wanted.Channels.Select(channel => channel.Symbol.Market).Distinct().Count().ShouldBe(4);
        var counters = host.Services.GetRequiredService<CollectorCounters>();
        (counters.Received, counters.Archived, counters.Batched, counters.Symbols.Count).ShouldBe((0, 0, 0, 0));
        counters.FirstTickMs.ShouldBeNull();
        host.Services.GetRequiredService<FrameQueue>().Bytes.ShouldBe(0);
        Directory.Exists(Path.Combine(folder.Path, "rehearsal")).ShouldBeFalse();
    }

    [Fact]
    public async Task Warm_up_succeeds_after_killed_warm_up()
    {
        using var host = BuildHost("EURUSD");
        using var folder = DataFolder.Open(host.Services.GetRequiredService<IOptions<CollectorOptions>>().Value);
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("rehearsal"), "rest"), "", Cancellation);

        (await host.Services.GetRequiredService<TickPathWarmUp>().RunAsync(folder, Cancellation)).ShouldBe(Rounds);

        Directory.Exists(Path.Combine(folder.Path, "rehearsal")).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private IHost BuildHost(string symbols)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Collector:FeedName", nameof(FeedName.Simulated)),
            new("Collector:DataFolder", _folder.File("collector")),
            new("Collector:Symbols", symbols),
            new("ConnectionStrings:eventhubs", "127.0.0.1:1"),
            new("Polygon:Endpoint", "ws://127.0.0.1:1"),
            new(PolygonApiKey.Setting, "canary-key-1234"),
        ]);
        builder.Configuration.AddSettingsFile(TimeProvider.System);
        builder.Services.AddCollection(builder.Configuration);
        return builder.Build();
    }
}
