using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Retaining;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Writing;

/// <summary>A real event hub, and the writer of a lake of Parquet files that consumes it.</summary>
internal sealed class HubLake : IAsyncDisposable
{
    private readonly EventHubProcess _hub;
    private readonly ServiceProvider _services;
    private readonly SilentMeters _meters = new();
    private readonly string _folder;

    private HubLake(EventHubProcess hub, string folder, LakeOptions options)
    {
        (_hub, _folder) = (hub, folder);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:eventhubs"] = hub.BootstrapServers }).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddEventStream(configuration)
            .BuildServiceProvider();
        Positions = _services.GetRequiredService<StreamPositions>();
        var store = new FolderStore(folder, new Disk());
        Archive = new ArchiveReader(
            _services.GetRequiredService<EventStreamConnection>(), Positions, _services.GetRequiredService<RecordConsumer>(),
            NullLogger<ArchiveReader>.Instance);
        var files = new ParquetFiles(new DuckDbSettings { MemoryBytes = options.MemoryBytes, TemporaryFolder = store.TemporaryFolder });
        Writer = new LakeWriter(store, files, Archive, options, new LakeMetrics(_meters), TimeProvider.System, NullLogger.Instance);
    }

    public EventHubProcess Hub => _hub;

    public LakeWriter Writer { get; }

    /// <summary>Creates the archive's retention with a given clock.</summary>
    public ArchiveRetention Retention(int? days, TimeProvider time) => new(
        new FolderStore(_folder, new Disk()), Positions,
        new TopicTrimmer(
            _services.GetRequiredService<EventStreamConnection>(), Positions, NullLogger<TopicTrimmer>.Instance),
        new LakeOptions { ArchiveRetentionDays = days }, time, NullLogger.Instance);

    public ArchiveReader Archive { get; }

    public StreamPositions Positions { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HubLake> StartAsync(string folder, LakeOptions? options = null)
    {
        var lake = new HubLake(
            await EventHubProcess.StartAsync(cancellationToken: Cancellation), folder,
            options ?? new LakeOptions { Interval = TimeSpan.Zero, MergeAfter = TimeSpan.Zero });
        await ArchiveTopics.EnsureAsync(
            lake._services.GetRequiredService<EventStreamConnection>(), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            Cancellation);
        return lake;
    }

    public async Task ProduceAsync(IEnumerable<(int Partition, byte[] Record)> records)
    {
        var producer = _services.GetRequiredService<RecordProducer>();
        foreach (var (partition, record) in records)
        {
            _ = await producer.SendAsync(TopicNames.TickArchive, partition, record, [], Cancellation);
        }

        await producer.FlushAsync(Cancellation);
    }

    public Task<IReadOnlyList<PartitionWatermarks>> WatermarksAsync() => Positions.GetWatermarksAsync(TopicNames.TickArchive, Cancellation);

    /// <summary>Returns the number of ticks in all Parquet files, and the number of distinct ticks.</summary>
    public (long Ticks, long Different) Count()
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings());
        using var connection = database.Connect();
        using var result = connection.Query(
            $"""
            SELECT count(*)::BIGINT, count(DISTINCT (symbol, timestamp_ms, bid, ask))::BIGINT
            FROM read_parquet('{_folder}/**/*.parquet', hive_partitioning = true)
            """);
        result.TryRead(out var row).ShouldBeTrue();
        using (row)
        {
            return (row![0].Values<long>()[0], row[1].Values<long>()[0]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await _services.DisposeAsync();
        _meters.Dispose();
        await _hub.DisposeAsync();
    }
}
