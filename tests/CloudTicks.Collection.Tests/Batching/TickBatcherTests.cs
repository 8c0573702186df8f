using System.Diagnostics.Metrics;
using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.EventHub;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Tests.Delivery;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Pacing;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests.Batching;

[Collection(Hub.Name)]
public sealed class TickBatcherTests(EventHubFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArchiveReader _archive = new(fixture.BootstrapServers);

    [Fact]
    public async Task Adding_many_ticks_fills_records_in_order_per_symbol()
    {
        const int count = 200_000;
        var symbols = Enumerable.Range(0, 40).Select(Symbol).ToArray();
        var counters = new CollectorCounters();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var producer = Producer(services);
        // This clock never advances, so that records wait for an event hub that a busy machine delays, and are not spooled instead.
        await using var delivery = Delivery(producer, counters, new SteppedTime());
        var batcher = new TickBatcher(delivery, new TickShedding(counters.Spool, _ => { }), ArchiveTopics.ArchivePartitions,
            TimeSpan.FromHours(1), TimeProvider.System, () => { });
        var before = await _archive.ReadPositionsAsync(TopicNames.TickArchive);

        var random = new Random(1);
        for (var number = 0; number < count; number++)
        {
            // About half of the ticks are of one symbol.
            Add(batcher, symbols[Math.Max(0, random.Next(2 * symbols.Length) - symbols.Length)], number);
            if (number % 100 == 0)
            {
                await batcher.SendAsync(TestContext.Current.CancellationToken);
            }
        }

        await batcher.DrainAsync(TestContext.Current.CancellationToken);

        var records = await _archive.RecordsAsync(TopicNames.TickArchive, before);
        records.ShouldAllBe(record => record.Value.Length <= TickBatchBuilder.MaxRecordBytes);
        records.Max(record => record.Value.Length)
            .ShouldBeGreaterThan(TickBatchBuilder.MaxRecordBytes - TickBatchBuilder.MaxTickBytes - 1024);
        var ticks = ArchiveReader.Ticks(records);
        ticks.Select(tick => tick.TimestampMs).Order().ShouldBe(Enumerable.Range(0, count).Select(number => (long)number));
        ticks.GroupBy(tick => tick.Symbol)
            .ShouldAllBe(symbol => symbol.Select(tick => tick.TimestampMs).SequenceEqual(symbol.Select(tick => tick.TimestampMs).Order()));
        (counters.Archived, counters.ArchivedRecords, counters.InFlight).ShouldBe((count, records.Count, 0));
    }

    [Fact]
    public async Task SendAsync_with_linger_waits_and_limits_records_in_flight()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        // Nothing listens on this port, so no record is ever acknowledged.
        await using var producer = Producer(services, "127.0.0.1:1");
        var counters = new CollectorCounters();
        var time = new SteppedTime();
        await using var delivery = Delivery(producer, counters, time);
        var batcher = new TickBatcher(
            delivery, new TickShedding(counters.Spool, _ => { }), 4, TimeSpan.FromMilliseconds(2), time, () => { });
        Add(batcher, Symbol(1), 1);

        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(TimeSpan.FromMilliseconds(2));
        time.Step(TimeSpan.FromMilliseconds(1));
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(TimeSpan.FromMilliseconds(1));
        counters.InFlight.ShouldBe(0);
        time.Step(TimeSpan.FromMilliseconds(1));
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        counters.InFlight.ShouldBe(1);

        for (var round = 0; round < 5; round++)
        {
            Add(batcher, Symbol(1), round);
            time.Step(TimeSpan.FromMilliseconds(2));
            await batcher.SendAsync(TestContext.Current.CancellationToken);
        }

        counters.InFlight.ShouldBe(TickBatcher.MaxInFlight);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var drain = batcher.DrainAsync(cancellation.Token);
        drain.IsCompleted.ShouldBeFalse();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(drain);
    }

    [Fact]
    public async Task SendAsync_without_linger_sends_first_tick_then_in_rounds()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var producer = Producer(services, "127.0.0.1:1");
        var counters = new CollectorCounters();
        var time = new SteppedTime();
        await using var delivery = Delivery(producer, counters, time);
        var batcher = new TickBatcher(delivery, new TickShedding(counters.Spool, _ => { }), 32, linger: null, time, () => { });
        var symbols = Enumerable.Range(0, 100).Select(Symbol).DistinctBy(symbol => symbol.PartitionOf(32)).Take(13).ToArray();
        Add(batcher, symbols[0], 1);
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull("the first is sent immediately");
        counters.InFlight.ShouldBe(1);

        for (var step = 1; step < 5; step++)
        {
            time.Step(TimeSpan.FromMilliseconds(1));
            Add(batcher, symbols[step], step);
            (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(
                TickBatcher.SparseRoundInterval - TimeSpan.FromMilliseconds(step), "a round of one tick is followed by a longer pause");
        }

        counters.InFlight.ShouldBe(1);
        time.Step(TickBatcher.SparseRoundInterval - TimeSpan.FromMilliseconds(4));
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull("all partitions are sent together");
        counters.InFlight.ShouldBe(5);

        Array.ForEach(symbols[5..9], symbol => Add(batcher, symbol, 1));
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(TickBatcher.RoundInterval);
        time.Step(TickBatcher.RoundInterval);
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull("all partitions are sent together");
        counters.InFlight.ShouldBe(9);

        time.Step(TickBatcher.RoundInterval);
        Array.ForEach(symbols[9..], symbol => Add(batcher, symbol, 1));
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull("after a pause");
        counters.InFlight.ShouldBe(13);
    }

    [Fact]
    public async Task Acknowledgement_wakes_caller_when_partition_is_blocked()
    {
        var sink = new ScriptedSink();
        sink.StopAcknowledging();
        var counters = new CollectorCounters();
        var time = new SteppedTime();
        await using var delivery = Delivery(sink, counters, time);
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batcher = new TickBatcher(
            delivery, new TickShedding(counters.Spool, _ => { }), 4, linger: null, time, () => woken.TrySetResult());
        for (var round = 0; round <= TickBatcher.MaxInFlight; round++)
        {
            Add(batcher, Symbol(1), round);
            time.Step(TickBatcher.SparseRoundInterval);
            await batcher.SendAsync(TestContext.Current.CancellationToken);
        }

        counters.InFlight.ShouldBe(TickBatcher.MaxInFlight);
        woken.Task.IsCompleted.ShouldBeFalse();
        sink.Acknowledge(1);
        await woken.Task.WaitAsync(TestContext.Current.CancellationToken);
        await batcher.SendAsync(TestContext.Current.CancellationToken);
        sink.OpenCount.ShouldBe(TickBatcher.MaxInFlight);
        sink.HandedOver.Count.ShouldBe(TickBatcher.MaxInFlight + 1);
    }

    [Fact]
    public async Task SendAsync_with_pace_waits_for_its_linger()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var producer = Producer(services, "127.0.0.1:1");
        var counters = new CollectorCounters();
        var time = new SteppedTime();
        await using var delivery = Delivery(producer, counters, time);
        var pace = new AdaptiveLinger(800, 4, time);
        var batcher = new TickBatcher(
            delivery, new TickShedding(counters.Spool, _ => { }), 4, TimeSpan.Zero, time, () => { })
        { Pace = pace };
        Add(batcher, Symbol(1), 1);

        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(AdaptiveLinger.MinWait);
        for (var record = 0; record < 1_000; record++)
        {
            pace.Sent();
        }

        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBe(AdaptiveLinger.MaxWait);
        counters.InFlight.ShouldBe(0);
        time.Step(AdaptiveLinger.MaxWait);
        (await batcher.SendAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        counters.InFlight.ShouldBe(1);
    }

    [Fact]
    public void RejectedElements_compares_ticks_by_identity_others_by_bytes() => Check.QuickThrowOnFailure(
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte[] Raw, byte? Identity)[]>(),
            elements =>
            {
                var rejected = new RejectedElements(null!);
                var distinct = elements.Count(element => rejected.Add(element.Raw, Ticks.Checks.TickRejection.NotJson, element.Identity));

                distinct.ShouldBe(elements.Select(element => element.Identity?.ToString() ?? Convert.ToHexString(element.Raw) + "raw")
                    .Distinct().Count());
            }));

    public void Dispose() => _folder.Dispose();

    private RecordDelivery Delivery(RecordProducer producer, CollectorCounters counters, TimeProvider time) =>
        Delivery(new EventHubSink(producer, "simulated"), counters, time);

    private RecordDelivery Delivery(IRecordSink sink, CollectorCounters counters, TimeProvider time) => new(
        sink, new DeliveryOptions { Folder = _folder.Path, SpoolMaxBytes = 1 << 30 }, counters, _ => { }, time, NullLogger.Instance);

    private RecordProducer Producer(IServiceProvider services, string? bootstrapServers = null) => new(
        EventStreamConnection.Parse(bootstrapServers ?? fixture.BootstrapServers),
        Options.Create(new RecordProducerOptions { DrainTimeout = TimeSpan.Zero }),
        new RecordProducerMetrics(services.GetRequiredService<IMeterFactory>()),
        TimeProvider.System,
        NullLogger<RecordProducer>.Instance);

    private static Symbol Symbol(int number) =>
        Ticks.Symbol.TryParse(Market.Stock, $"SYM{number}", out var symbol) ? symbol
            : throw new ArgumentException("Not a symbol", nameof(number));

    private static void Add(TickBatcher batcher, Symbol symbol, int number)
    {
        var tick = new Tick
        {
            Symbol = symbol,
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.TradeId,
            Bid = Price.Create(number, 2),
            TradeId = "a trade id that fills records sooner than numbers would"u8,
            TimestampMs = number,
            ReceivedMs = number,
        };
        batcher.Add(symbol.PartitionOf(batcher.Partitions), tick);
    }

    /// <summary>A clock that the test advances.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Step(TimeSpan by) => _timestamp += by.Ticks;
    }
}
