using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Messaging.Nats;
using CloudTicks.Replay;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using CloudTicks.Verification.Checklist;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using CloudTicks.Verification.Tests.Checks;
using Confluent.Kafka;

namespace CloudTicks.Verification.Tests.Reconciling;

/// <summary>
/// A real event hub and a real table, to which each test writes ticks of a separate symbol, with a fake simulator and a fake collector that
/// return the responses that the test sets.
/// </summary>
internal sealed class ReconciledSystem : IAsyncDisposable
{
    private static readonly string[] Pairs =
    [
        "EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP", "EURJPY", "GBPJPY", "AUDJPY", "NZDJPY", "USDCHF", "XAUUSD",
        "XAGUSD",
        "CADJPY", "CHFJPY", "EURCAD", "EURCHF", "EURNZD", "GBPAUD", "GBPCAD", "GBPCHF",
    ];

    private static int _takenPairs;

    private readonly ReconciledServers _servers;
    private readonly ScriptedService _simulator;
    private readonly ScriptedService _collector;
    private readonly IProducer<Null, byte[]> _producer;

    private ReconciledSystem(ReconciledServers servers, ScriptedService simulator, ScriptedService collector)
    {
        (_servers, _simulator, _collector) = (servers, simulator, collector);
        Pair = Symbol.TryParse(Pairs[Interlocked.Increment(ref _takenPairs) - 1], out var symbol) ? symbol
            : throw new InvalidOperationException();
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers.BootstrapServers, Acks = Acks.All })
            .Build();
        collector.Respond("api/v1/status", ScriptedSystem.Status());
        collector.Respond("api/v1/symbols", $"[{ScriptedSystem.Channel(Pair.Name, 10, wantedForMs: 864_000_000)}]");
        SetGenerated([]);
    }

    /// <summary>The time of tick 0, at the start of a minute some minutes ago; further ticks follow at intervals of a second.</summary>
    public static long FirstMs { get; } = (ScriptedSystem.NowMs / 60_000 * 60_000) - 240_000;

    /// <summary>The symbol of this test.</summary>
    public Symbol Pair { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The fake collector.</summary>
    public ScriptedService Collector => _collector;

    public static async Task<ReconciledSystem> StartAsync(ReconciledServers servers) =>
        new(servers, await ScriptedService.StartAsync(), await ScriptedService.StartAsync());

    public Tick TickOf(int number) => new()
    {
        Symbol = Pair,
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask,
        Bid = Price.Create(10_000 + number, 4),
        Ask = Price.Create(10_001 + number, 4),
        TimestampMs = FirstMs + (number * 1_000L),
        ReceivedMs = FirstMs + (number * 1_000L) + 5,
    };

    /// <summary>Writes ticks into the archive.</summary>
    public Task ArchiveAsync(IEnumerable<int> numbers, TickSource source = TickSource.Live)
    {
        var builder = new TickBatchBuilder(Partition, source);
        foreach (var number in numbers)
        {
            builder.Add(TickOf(number));
        }

        return AppendAsync(TopicNames.TickArchive, Partition, builder.ToRecord());
    }

    /// <summary>Writes a state of a gap into the archive.</summary>
    public Task ArchiveAsync(FeedGap gap) => AppendAsync(TopicNames.TickArchive, Partition, GapRecord.Write(gap));

    /// <summary>Writes a tick to the dead letters, as StoreTicks does with a tick that it cannot store.</summary>
    public Task RefuseAsync(int number)
    {
        var builder = new TickBatchBuilder(Partition, TickSource.Live);
        builder.Add(TickOf(number));
        return AppendAsync(TopicNames.DeadLetters, 0, builder.ToRecord(), ("topic", TopicNames.TickArchive));
    }

    /// <summary>Writes ticks into the table.</summary>
    public async Task StoreAsync(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            var (timestampMs, identity) = (TickOf(number).TimestampMs, TickIdentity.Of(TickOf(number)));
            await ExecuteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, tick_hash, received_ms)
                VALUES ('{Pair.Name}', {timestampMs}, 'forex', 'quote', 'live', 1.1, 1.2, {(long)identity}, {timestampMs + 5})
                """));
        }
    }

    /// <summary>Writes a gap into the table.</summary>
    public Task StoreAsync(FeedGap gap) => ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO feed_gaps (id, market, symbol, kind, from_ms, to_ms, cause, found_by, state, recovered, changed_ms, missing, restored, detail)
        VALUES ('{gap.Id}', 'forex', '{gap.Symbol.Name}', 'quote', {gap.FromMs}, {gap.ToMs}, '{gap.Cause}', '', '{gap.State.Name()}', 0, {gap.ChangedMs}, {gap.Missing}, {gap.Restored}, '{gap.Detail}')
        """));

    public FeedGap Gap(int from, int to, GapState state) =>
        new(Guid.NewGuid(), Pair, TickKind.Quote, TickOf(from).TimestampMs, TickOf(to).TimestampMs, "disconnected", "a test", state, 0,
            null, ScriptedSystem.NowMs);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _servers.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Sets the ticks that the simulator reports as generated.</summary>
    public void SetGenerated(IEnumerable<int> numbers)
    {
        var minutes = numbers.Select(KeyOf).GroupBy(tick => tick.TimestampMs / 60_000 * 60_000).Select(minute => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"minute_ms":{{minute.Key}},"distinct":{{minute.Count()}},"distinct_sum":"{{minute.Aggregate(0UL, (sum, tick) => unchecked(sum + tick.Identity)):x16}}"}"""));
        _simulator.Respond("api/v1/minutes",
            $$"""[{"symbol":"{{Pair.Name}}","kind":"quote","known_from_ms":0,"minutes":[{{string.Join(',', minutes)}}]}]""");
    }

    /// <summary>Commits the archive's end for StoreTicks.</summary>
    public void Commit()
    {
        var connection = EventStreamConnection.Parse(_servers.BootstrapServers);
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(connection.ConsumerConfig(ConsumerGroups.Timescale)).Build();
        var end = consumer.QueryWatermarkOffsets(new TopicPartition(TopicNames.TickArchive, Partition), TimeSpan.FromMinutes(1)).High;
        consumer.Commit([new TopicPartitionOffset(TopicNames.TickArchive, Partition, end)]);
    }

    /// <summary>Runs the reconciling check.</summary>
    public async Task<Finding> CheckAsync(bool isSimulated = true, VerificationOptions? options = null)
    {
        using var simulator = _simulator.CreateClient("simulator");
        using var collector = _collector.CreateClient("collector");
        using var hub = _collector.CreateClient("hub");
        var system = new OperatedSystem
        {
            Collectors = [collector],
            Hub = hub,
            Simulator = isSimulated ? simulator : null,
            Table = _servers.Database,
            Stream = EventStreamConnection.Parse(_servers.BootstrapServers),
            Nats = NatsConnectionSettings.Parse("nats://127.0.0.1:1"),
            Time = TimeProvider.System,
        };
        options ??= new VerificationOptions();
        options = options with
        {
            FromMs = options.FromMs ?? FirstMs,
            ToMs = options.ToMs ?? FirstMs + 200_000,
            Symbols = options.Symbols.IsAll ? SymbolFilter.TryParse([Pair.Name], out var pair, out _) ? pair : options.Symbols
                : options.Symbols,
            Checks = ["reconcile"],
            MaxWait = TimeSpan.FromMilliseconds(50),
            Sorting = new ReplayOptions { SortBytes = 4_096 },
        };
        return (await new OperatorChecklist(system, options, TimeProvider.System).Begin(Cancellation).ShouldHaveSingleItem()).Finding;
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        // Records left unread by one test would delay the next.
        Commit();
        await _simulator.DisposeAsync();
        await _collector.DisposeAsync();
    }

    private int Partition => Pair.PartitionOf(ArchiveTopics.ArchivePartitions);

    private (long TimestampMs, ulong Identity) KeyOf(int number) => (TickOf(number).TimestampMs, TickIdentity.Of(TickOf(number)));

    private async Task AppendAsync(string topic, int partition, byte[] value, params (string Name, string Value)[] headers)
    {
        var message = new Message<Null, byte[]> { Value = value, Headers = new Headers { { "feed", "simulated"u8.ToArray() } } };
        foreach (var (name, text) in headers)
        {
            message.Headers.Add(name, System.Text.Encoding.UTF8.GetBytes(text));
        }

        await _producer.ProduceAsync(new TopicPartition(topic, partition), message, Cancellation);
    }
}
