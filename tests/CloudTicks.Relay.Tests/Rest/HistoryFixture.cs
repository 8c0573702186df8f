using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Relay.Tests.Rest;

/// <summary>
/// An event hub with an archive, and a database with a table as StoreTicks would fill it. Tests share both, and each test uses different
/// symbols. The table begins at <see cref="TableStartMs"/>, the archive earlier.
/// </summary>
public sealed class HistoryFixture(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>2025-01-27 16:00 UTC, the start of a chunk.</summary>
    public const long TableStartMs = 1_737_993_600_000;

    public const int Partitions = 32;

    private readonly Dictionary<int, long> _offsets = [];
    private EventHubProcess? _hub;
    private IProducer<Null, byte[]>? _producer;
    private ServiceProvider? _services;

    public string HubAddress => _hub!.BootstrapServers;

    public string Database { get; private set; } = "";

    public static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _hub = await EventHubProcess.StartAsync(cancellationToken: cancellation);
        await ArchiveTopics.EnsureAsync(
            EventStreamConnection.Parse(HubAddress), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System, cancellation);
        _producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig { BootstrapServers = HubAddress, Acks = Acks.All, LingerMs = 0 }).Build();
        Database = await postgres.CreateDatabaseAsync(cancellation);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:timescale", Database), new("Timescale:RetentionWindow", "")]).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddTimescale(configuration)
            .BuildServiceProvider();
        await _services.GetRequiredService<SchemaMigrator>().MigrateAsync(cancellation);
        await WriteOldRecordsAsync();
    }

    /// <summary>
    /// Writes ticks of one partition as a record to the archive and, unless <paramref name="toTable"/> is false, also to the table.
    /// </summary>
    /// <param name="add">Adds the ticks to the record.</param>
    /// <param name="writtenMs">The time at which the record counts as written, Unix ms.</param>
    public async Task WriteAsync(
        Symbol symbol, Action<TickBatchBuilder> add, long writtenMs, bool toTable = true, TickSource source = TickSource.Live)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var partition = symbol.PartitionOf(Partitions);
        var builder = new TickBatchBuilder(partition, source);
        add(builder);
        var value = builder.ToRecord();
        await _producer!.ProduceAsync(
            new TopicPartition(TopicNames.TickArchive, partition),
            new Message<Null, byte[]> { Value = value, Timestamp = new Timestamp(writtenMs, TimestampType.CreateTime) }, cancellation);
        if (!toTable)
        {
            return;
        }

        long offset;
        lock (_offsets)
        {
            offset = _offsets[partition] = _offsets.GetValueOrDefault(partition) + 1;
        }

        // A separate stream per record, so that the order of the tests does not matter.
        await _services!.GetRequiredService<TickStore>().StoreAsync(
            new StreamPartition($"test:{partition}:{offset}", TopicNames.TickArchive, partition), [new ArchivedRecord(0, value)],
            (refused, _) => throw new InvalidOperationException(refused[0].Reason), cancellation);
    }

    /// <summary>Writes an old record to each partition, so that the archive is older than the table whichever test writes first.</summary>
    private async Task WriteOldRecordsAsync()
    {
        var symbols = Enumerable.Range(0, 26 * 26 * 26)
            .Select(number => SymbolOf($"ZZ{(char)('A' + (number / 676))}{(char)('A' + (number / 26 % 26))}{(char)('A' + (number % 26))}"))
            .DistinctBy(symbol => symbol.PartitionOf(Partitions)).Take(Partitions);
        foreach (var symbol in symbols)
        {
            await WriteAsync(
                symbol,
                builder => builder.Add(new Tick
                {
                    Symbol = symbol,
                    Kind = TickKind.Trade,
                    TimestampMs = TableStartMs - 600_000,
                    ReceivedMs = TableStartMs - 600_000,
                    Price = Price.Create(1, 0),
                    Fields = TickFields.Price,
                }),
                TableStartMs - 600_000, toTable: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}
