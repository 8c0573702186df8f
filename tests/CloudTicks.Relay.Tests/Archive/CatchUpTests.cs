using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Relay.Archive;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

public sealed class CatchUpTests : ArchiveHubTests
{
    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");
    private static readonly Symbol[] Symbols =
        [Euro, Pound, TestTick.SymbolOf("USDJPY"), TestTick.SymbolOf("AUDUSD"), TestTick.SymbolOf("EURGBP")];

    [Fact]
    public async Task Client_gets_ticks_since_a_time_and_continues_live()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro);
        foreach (var number in Enumerable.Range(1, 100))
        {
            await writer.WriteAsync(
                [new TestTick(Euro, number, StartMs + (number / 2)), new TestTick(Pound, number, StartMs)], Cancellation);
        }

        await witness.UntilLastAsync("EUR/USD", 100, Cancellation);
        var client = new TestClient();
        var result = await archive.CatchUpAsync(client, StartMs + 30, Cancellation, Euro);
        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(60, 41));
        (result.Events, result.HistoryStartMs).ShouldBe((41, null));
        await writer.WriteAsync([new TestTick(Euro, 101, StartMs + 60), new TestTick(Pound, 101, StartMs + 60)], Cancellation);

        await client.UntilLastAsync("EUR/USD", 101, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(60, 42));
        client.NumbersOf("GBP/USD").ShouldBeEmpty();
    }

    [Fact]
    public async Task Wildcard_catches_up_on_all_symbols_of_its_market()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await WriteAllAsync(writer, 1, 50);
        var client = new TestClient();

        await archive.CatchUp.RunAsync(
            client, [new SinceChannel(new ChannelSelector(Market.Forex, TickKind.Quote, null), StartMs, IsShared: true)], Cancellation);
        await WriteAllAsync(writer, 51, 60);

        foreach (var symbol in Symbols)
        {
            await client.UntilLastAsync(TestTick.PairOf(symbol), 60, Cancellation);
            client.NumbersOf(TestTick.PairOf(symbol)).ShouldBe(Enumerable.Range(1, 60));
        }
    }

    [Fact]
    public async Task Ticks_backfilled_after_the_start_time_are_sent()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro);
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs - 5000), new TestTick(Euro, 4, StartMs - 2000)], Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs - 4000)], Cancellation, TickSource.Backfill);
        await writer.WriteAsync([new TestTick(Euro, 5, StartMs)], Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 3, StartMs - 3000)], Cancellation);
        await witness.UntilLastAsync("EUR/USD", 3, Cancellation);
        var client = new TestClient();

        await archive.CatchUpAsync(client, StartMs - 1, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe([2, 5, 3]);
    }

    [Fact]
    public async Task Catch_up_reports_the_start_of_an_archive_that_begins_later()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro);
        foreach (var number in Enumerable.Range(1, 10))
        {
            await writer.WriteAsync([new TestTick(Euro, number, StartMs)], Cancellation);
        }

        await witness.UntilLastAsync("EUR/USD", 10, Cancellation);
        await DeleteBeforeAsync(Euro.PartitionOf(Partitions), 5);
        var client = new TestClient();
        var result = await archive.CatchUpAsync(client, StartMs - 3_600_000, Cancellation, Euro);

        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(6, 5));
        result.HistoryStartMs.ShouldBe(StartMs);
    }

    [Fact]
    public async Task Catch_up_holds_back_live_events_of_a_subscribed_channel()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro);
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        await witness.UntilLastAsync("EUR/USD", 1, Cancellation);
        var (reached, resume) = (new TaskCompletionSource(), new TaskCompletionSource());
        var client = new TestClient
        {
            BeforeHistoryPiece = () =>
            {
                reached.TrySetResult();
                return resume.Task;
            },
        };
        archive.Channels.Subscribe(client, Euro, TickKind.Quote);
        archive.Channels.SubscribeAll(client, Market.Forex, TickKind.Quote);

        var catchingUp = archive.CatchUpAsync(client, StartMs, Cancellation, Euro);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs), new TestTick(Pound, 2, StartMs)], Cancellation);
        await witness.UntilLastAsync("EUR/USD", 2, Cancellation);
        await client.UntilLastAsync("GBP/USD", 2, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBeEmpty();
        resume.SetResult();
        await catchingUp;

        await client.UntilLastAsync("EUR/USD", 2, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Channel_unsubscribed_during_catch_up_gets_no_more_events()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro, Pound);
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs), new TestTick(Pound, 1, StartMs)], Cancellation);
        await witness.UntilLastAsync("EUR/USD", 1, Cancellation);
        await witness.UntilLastAsync("GBP/USD", 1, Cancellation);
        TestClient? client = null;
        client = new TestClient
        {
            BeforeHistoryPiece = () =>
            {
                archive.Channels.Unsubscribe(client!, Euro, TickKind.Quote);
                return Task.CompletedTask;
            },
        };

        await archive.CatchUpAsync(client, StartMs, Cancellation, Euro, Pound);
        var before = client.NumbersOf("EUR/USD").Count;
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs), new TestTick(Pound, 2, StartMs)], Cancellation);
        await client.UntilLastAsync("GBP/USD", 2, Cancellation);

        client.NumbersOf("EUR/USD").Count.ShouldBe(before);
        client.NumbersOf("EUR/USD").ShouldNotContain(2);
    }

    [Fact]
    public async Task Client_that_leaves_during_catch_up_has_no_subscription()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var witness = await archive.SubscribeAsync(Euro);
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        await witness.UntilLastAsync("EUR/USD", 1, Cancellation);
        archive.Channels.Remove(witness);
        using var disconnection = new CancellationTokenSource();
        var client = new TestClient { BeforeHistoryPiece = disconnection.CancelAsync };

        await Should.ThrowAsync<OperationCanceledException>(() => archive.CatchUp
            .RunAsync(client, [new SinceChannel(ChannelSelector.Of(Euro, TickKind.Quote), StartMs, IsShared: false)], disconnection.Token)
            .WaitAsync(TimeSpan.FromMinutes(2), Cancellation));

        lock (archive.Channels.DeliveryLock)
        {
            archive.Channels.Find(Euro, TickKind.Quote).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Clients_that_join_at_random_times_get_each_tick_once()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var producer = new ContinuousTickWriter(writer, Symbols);
        var joins = new List<(TestClient Client, Symbol[] Symbols, long SinceMs)>();
        var random = new Random(21);
        try
        {
            foreach (var _ in Enumerable.Range(0, LongSuite.Choose(3, 30)))
            {
                // With a later time, clients would receive older ticks live, which the expected ticks do not include.
                var newestMs = await producer.NewestMsAsync(Euro, Cancellation);
                var clientsOfRound = Enumerable.Range(0, 20).Select(_ => (
                    Client: new TestClient(),
                    Symbols: random.GetItems(Symbols, random.Next(1, 4)).Distinct().ToArray(),
                    SinceMs: StartMs + random.Next((int)(newestMs - StartMs + 1))))
                    .ToList();
                await Task.WhenAll(clientsOfRound.Select(async join =>
                {
                    // One message per symbol, as from a client that resumes each symbol at a different time.
                    await Task.WhenAll(join.Symbols.Select(
                        symbol => archive.CatchUpAsync(join.Client, join.SinceMs, Cancellation, symbol)));
                }));
                joins.AddRange(clientsOfRound);
            }
        }
        finally
        {
            await producer.StopAsync();
        }

        foreach (var (client, symbols, sinceMs) in joins)
        {
            foreach (var symbol in symbols)
            {
                var expected = producer.Written.Where(tick => tick.Symbol.Equals(symbol) && tick.TimestampMs >= sinceMs)
                    .Select(tick => tick.Number).ToList();
                await client.UntilLastAsync(TestTick.PairOf(symbol), expected[^1], Cancellation);
                client.NumbersOf(TestTick.PairOf(symbol)).ShouldBe(expected);
            }
        }
    }

    private async Task WriteAllAsync(ArchiveWriter writer, int from, int to)
    {
        for (var number = from; number <= to; number++)
        {
            await writer.WriteAsync(Symbols.Select(symbol => new TestTick(symbol, number, StartMs + number)), Cancellation);
        }
    }

    private async Task DeleteBeforeAsync(int partition, long offset)
    {
        using var admin = new Confluent.Kafka.AdminClientBuilder(EventStreamConnection.Parse(Hub.BootstrapServers).AdminConfig()).Build();
        await admin.DeleteRecordsAsync([new Confluent.Kafka.TopicPartitionOffset(TopicNames.TickArchive, partition, offset)]);
    }
}
