using System.Diagnostics.Metrics;
using CloudTicks.Collection.Gaps;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Gaps;

/// <summary>Tests the gaps of channels that a collector of a group takes over.</summary>
public sealed class TakeOverTests : IDisposable
{
    private const int Partitions = ArchiveTopics.ArchivePartitions;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Takeover_gap_begins_at_first_archived_tick()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (ticked, quiet) = SymbolsOfOnePartition();
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await new ArchiveReader(hub.BootstrapServers).ReadPositionsAsync(TopicNames.TickArchive);
        await ArchiveAsync(hub, ticked, now.AddSeconds(-20), now.AddSeconds(-10));
        await using var services = Services(hub);
        var gaps = services.GetRequiredService<GapService>();
        gaps.Open(_folder.Path);
        var channel = new FeedChannel(quiet, TickKind.Quote);

        await gaps.TakeOverAsync([channel], [channel], now.AddSeconds(-60), Partitions, Cancellation);

        var gap = gaps.Find(new GapFilter(quiet, null, null, null, 10)).ShouldHaveSingleItem();
        // The gap begins a margin before the first tick.
        gap.FromMs.ShouldBeInRange(now.AddSeconds(-30).ToUnixTimeMilliseconds(), now.AddSeconds(-20).ToUnixTimeMilliseconds());
    }

    /// <summary>The archive begins long before the takeover, so it does not limit the gap.</summary>
    [Fact]
    public async Task Takeover_gap_begins_when_other_collector_ended()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (ticked, quiet) = SymbolsOfOnePartition();
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await new ArchiveReader(hub.BootstrapServers).ReadPositionsAsync(TopicNames.TickArchive);
        await ArchiveAsync(hub, ticked, now.AddHours(-1), now);
        await using var services = Services(hub);
        var gaps = services.GetRequiredService<GapService>();
        gaps.Open(_folder.Path);
        var channel = new FeedChannel(quiet, TickKind.Quote);

        await gaps.TakeOverAsync([channel], [channel], now.AddSeconds(-60), Partitions, Cancellation);

        var gap = gaps.Find(new GapFilter(quiet, null, null, null, 10)).ShouldHaveSingleItem();
        gap.FromMs.ShouldBeLessThanOrEqualTo(now.AddSeconds(-60).ToUnixTimeMilliseconds());
        gap.FromMs.ShouldBeGreaterThan(now.AddMinutes(-30).ToUnixTimeMilliseconds());
    }

    /// <summary>A symbol with ticks in the archive, and one without ticks in the same partition.</summary>
    private static (Symbol Ticked, Symbol Quiet) SymbolsOfOnePartition()
    {
        Symbol.TryParse("EURUSD", out var ticked).ShouldBeTrue();
        for (var number = 0; ; number++)
        {
            Symbol.TryParse($"A{number}", out var quiet).ShouldBeTrue();
            if (quiet!.PartitionOf(Partitions) == ticked!.PartitionOf(Partitions))
            {
                return (ticked, quiet);
            }
        }
    }

    private static async Task ArchiveAsync(EventHubProcess hub, Symbol symbol, params DateTimeOffset[] times)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var producer = new RecordProducer(
            EventStreamConnection.Parse(hub.BootstrapServers), Options.Create(new RecordProducerOptions()),
            new RecordProducerMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System,
            NullLogger<RecordProducer>.Instance);
        Price.TryParse("1.1"u8, out var price).ShouldBeTrue();
        var partition = symbol.PartitionOf(Partitions);
        foreach (var ms in times.Select(time => time.ToUnixTimeMilliseconds()))
        {
            var builder = new TickBatchBuilder(partition, TickSource.Live);
            builder.Add(new Tick
            {
                Symbol = symbol,
                Kind = TickKind.Quote,
                TimestampMs = ms,
                ReceivedMs = ms,
                Fields = TickFields.Bid | TickFields.Ask,
                Bid = price,
                Ask = price,
            });
            await await producer.SendAsync(TopicNames.TickArchive, partition, builder.ToRecord(), [], Cancellation);
        }
    }

    private static ServiceProvider Services(EventHubProcess hub)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
        [
            new("POLYGON_API_KEY", "key"), new("ConnectionStrings:eventhubs", hub.BootstrapServers),
            new("Collector:Backfill", "false"),
        ]);
        return new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IConfiguration>(configuration)
            .AddCollection(configuration).BuildServiceProvider();
    }
}
