using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Schema;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Verification.Tests;

/// <summary>A run on real servers in which the test itself plays feed, collector and functions, so that it can omit any step.</summary>
internal sealed class ObservedRun : IAsyncDisposable
{
    private const int Partition = 3;

    private readonly EventHubProcess _hub;
    private readonly NpgsqlDataSource _database;
    private readonly ServiceProvider _services;
    private readonly EventStreamConnection _stream;
    private readonly RunObservation _observation;
    private readonly long _nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly List<TestTick> _sent = [];
    private int _recordCount;

    private ObservedRun(EventHubProcess hub, NpgsqlDataSource database, ServiceProvider services, RunObservation observation)
    {
        (_hub, _database, _services, _observation) = (hub, database, services, observation);
        _stream = services.GetRequiredService<EventStreamConnection>();
    }

    public static async Task<ObservedRun> BeginAsync(PostgresFixture postgres, NatsFixture nats, CancellationToken cancellationToken)
    {
        var hub = await EventHubProcess.StartAsync(cancellationToken: cancellationToken);
        var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(cancellationToken));
        await new SchemaMigrator(database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(cancellationToken);
        var services = new ServiceCollection()
            .AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<MessagingMetrics>()
            .AddSingleton(EventStreamConnection.Parse(hub.BootstrapServers))
            .AddSingleton(NatsConnectionSettings.Parse(nats.Url))
            .AddOptions<RecordProducerOptions>().Services
            .AddSingleton<RecordProducerMetrics>().AddSingleton<RecordProducer>().AddSingleton<NatsPublisher>()
            .BuildServiceProvider();
        var observation = await RunObservation.BeginAsync(
            services.GetRequiredService<EventStreamConnection>(),
            services.GetRequiredService<NatsConnectionSettings>(),
            services.GetRequiredService<MessagingMetrics>(),
            services.GetRequiredService<ILoggerFactory>(),
            TimeProvider.System,
            cancellationToken);
        return new ObservedRun(hub, database, services, observation);
    }

    /// <summary>Writes ticks 0 to <paramref name="count"/> - 1 into the archive; tick 0 is written twice.</summary>
    public async Task ArchiveAsync(int count, CancellationToken cancellationToken)
    {
        _sent.AddRange(Enumerable.Range(0, count).Select(index => new TestTick(_nowMs + index, _nowMs)));
        var builder = new TickBatchBuilder(Partition, TickSource.Live);
        foreach (var tick in _sent.Prepend(_sent[0]))
        {
            builder.Add(tick.ToTick());
        }

        await SendAsync(builder.ToRecord(), cancellationToken);
        // Also send a gap record, because an interrupted feed leaves gap records in the archive.
        var gap = new FeedGap(
            Guid.NewGuid(), _sent[0].ToTick().Symbol, TickKind.Quote, _nowMs - 10, _nowMs, "disconnected", "a test", GapState.Open, 0, null,
            _nowMs);
        await SendAsync(GapRecord.Write(gap), cancellationToken);
    }

    /// <summary>Adds a tick to the archive as a command does, and optionally to the table and to NATS.</summary>
    public Task AddAsync(bool stored, bool published, CancellationToken cancellationToken) =>
        AddAsync(new TestTick(_nowMs + 1_000, _nowMs), TickSource.DbCommand, stored, published, cancellationToken);

    /// <summary>Adds a generated tick that no session received, as a backfill does.</summary>
    /// <returns>All generated ticks.</returns>
    public async Task<DistinctTicks> RecoverAsync(CancellationToken cancellationToken)
    {
        var tick = new TestTick(_nowMs + 2_000, _nowMs);
        await AddAsync(tick, TickSource.Backfill, stored: true, published: true, cancellationToken);
        var sent = FeedCounts();
        return new DistinctTicks(sent.Distinct + 1, sent.DistinctSum + TickIdentity.Of(tick.ToTick()));
    }

    private async Task AddAsync(TestTick tick, TickSource source, bool stored, bool published, CancellationToken cancellationToken)
    {
        var builder = new TickBatchBuilder(Partition, source);
        builder.Add(tick.ToTick());
        await SendAsync(builder.ToRecord(), cancellationToken);
        await StoreAsync(stored ? [tick] : [], cancellationToken);
        await PublishAsync(published ? [tick] : [], cancellationToken);
    }

    public Task StoreAsync(Func<int, bool> which, CancellationToken cancellationToken) =>
        StoreAsync(_sent.Where((_, index) => which(index)), cancellationToken);

    public Task PublishAsync(Func<int, bool> which, CancellationToken cancellationToken) =>
        PublishAsync(_sent.Where((_, index) => which(index)), cancellationToken);

    private async Task SendAsync(byte[] record, CancellationToken cancellationToken)
    {
        var producer = _services.GetRequiredService<RecordProducer>();
        await await producer.SendAsync(TopicNames.TickArchive, Partition, record, [], cancellationToken);
        _recordCount++;
    }

    private async Task StoreAsync(IEnumerable<TestTick> ticks, CancellationToken cancellationToken)
    {
        foreach (var tick in ticks)
        {
            await using var insert = _database.CreateCommand(
                "INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, tick_hash, received_ms) "
                + "VALUES ('EURUSD', $1, 'forex', 'quote', 'live', 1.1, $2, $3)");
            insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = tick.TimestampMs });
            insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)TickIdentity.Of(tick.ToTick()) });
            insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = tick.ReceivedMs });
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task PublishAsync(IEnumerable<TestTick> ticks, CancellationToken cancellationToken)
    {
        var publisher = _services.GetRequiredService<NatsPublisher>();
        await publisher.WaitUntilConnectedAsync(cancellationToken);
        var generation = publisher.Generation;
        foreach (var tick in ticks)
        {
            await publisher.PublishAsync("ticks.EURUSD"u8, tick.ToJson());
        }

        await publisher.ConfirmAsync(generation, cancellationToken);
    }

    /// <summary>Commits the archive's end for a group, as the functions do.</summary>
    public void Commit(string group)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(_stream.ConsumerConfig(group)).Build();
        consumer.Commit([new TopicPartitionOffset(TopicNames.TickArchive, Partition, _recordCount)]);
    }

    /// <summary>The counts that a correct feed reports.</summary>
    public FeedCounts FeedCounts()
    {
        var sum = 0UL;
        foreach (var tick in _sent)
        {
            sum += TickIdentity.Of(tick.ToTick());
        }

        return new FeedCounts(_sent.Count + 1, _sent.Count, sum);
    }

    public Task<RunReport> VerifyAsync(FeedCounts? feed, CancellationToken cancellationToken) =>
        VerifyAsync(feed, new RunCircumstances(), cancellationToken);

    public Task<RunReport> VerifyAsync(FeedCounts? feed, RunCircumstances circumstances, CancellationToken cancellationToken) =>
        _observation.VerifyAsync(
        new TickQueries(_database),
        feed is null ? null : new Dictionary<string, FeedCounts> { ["EURUSD"] = feed },
        new CollectorCounts(_sent.Count + 1, new Dictionary<string, long>()),
        seconds: 1,
        circumstances,
        timeout: TimeSpan.FromMilliseconds(300),
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _observation.DisposeAsync();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private sealed record TestTick(long TimestampMs, long ReceivedMs)
    {
        private static readonly Symbol EurUsd = Symbol.TryParse("EURUSD", out var symbol) ? symbol : throw new InvalidOperationException();

        public Tick ToTick() => new()
        {
            Symbol = EurUsd,
            Kind = TickKind.Quote,
            Fields = TickFields.Bid,
            Bid = Price.Create(11, 1),
            TimestampMs = TimestampMs,
            ReceivedMs = ReceivedMs,
        };

        public byte[] ToJson()
        {
            var tick = ToTick();
            var json = new byte[TickJson.MaxBytes];
            return json[..TickJson.Write(tick, TickSource.Live, TickIdentity.Of(tick), json)];
        }
    }
}
