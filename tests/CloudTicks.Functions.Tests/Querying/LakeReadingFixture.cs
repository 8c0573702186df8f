using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake;
using CloudTicks.TestServices;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests.Querying;

/// <summary>
/// The same records in four stores: a complete table, a table that lost the older half, a merged lake, and a lake of many small files with
/// repeated ticks.
/// </summary>
public sealed class LakeReadingFixture(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>2025-01-27 10:00 UTC.</summary>
    public const long FirstMs = 1_737_972_000_000;

    /// <summary>2025-01-27 13:00 UTC: <see cref="HalfTable"/> lacks the chunks before this time.</summary>
    public const long BoundaryMs = FirstMs + (3 * HourMs);

    /// <summary>2025-01-27 16:06 UTC.</summary>
    public const long EndMs = FirstMs + (6 * HourMs) + 360_000;

    public const int HourMs = 3_600_000;

    private readonly TemporaryFolder _folder = new();
    private readonly List<(int Partition, byte[] Value)> _records = [];

    internal string FullTable { get; private set; } = "";

    internal string HalfTable { get; private set; } = "";

    internal string Merged => Path.Combine(_folder.Path, "merged");

    internal string Unmerged => Path.Combine(_folder.Path, "unmerged");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var history = new RandomHistory(20250127);
        _records.AddRange(history.Records(FirstMs, EndMs));
        await WriteLakesAsync();
        FullTable = await FillAsync(_records);
        HalfTable = await FillAsync(_records);
        await DropAsync(HalfTable, BoundaryMs);
    }

    /// <summary>Creates a database with the schema and the ticks of records.</summary>
    internal async Task<string> FillAsync(IReadOnlyList<(int Partition, byte[] Value)> records)
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:timescale", connectionString), new("Timescale:RetentionWindow", "")]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddTimescale(configuration).BuildServiceProvider();
        await services.GetRequiredService<SchemaMigrator>().MigrateAsync(Cancellation);
        var store = services.GetRequiredService<TickStore>();
        foreach (var partition in records.GroupBy(record => record.Partition))
        {
            await store.StoreAsync(
                new StreamPartition("test", TopicNames.TickArchive, partition.Key),
                [.. partition.Select((record, offset) => new ArchivedRecord(offset, record.Value))],
                (refused, _) => throw new InvalidOperationException(refused[0].Reason), Cancellation);
        }

        return connectionString;
    }

    internal Task<string> FillAsync() => FillAsync(_records);

    /// <summary>Drops the chunks that end at or before a time.</summary>
    internal static async Task DropAsync(string connectionString, long ms)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand($"SELECT drop_chunks('market_ticks', older_than => {ms}::bigint)");
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    internal static async Task<QueryApp> StartAsync(string connectionString, string? lake, TimeSpan? retention = null) =>
        await QueryApp.StartAsync(connectionString, NpgsqlDataSource.Create(connectionString), Cancellation, lake, retention);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteLakesAsync()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await using var merged = Lake(hub, Merged, "0");
        await using var unmerged = Lake(hub, Unmerged, "7.00:00:00");
        await ArchiveTopics.EnsureAsync(
            merged.GetRequiredService<EventStreamConnection>(), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            Cancellation);
        var producer = merged.GetRequiredService<RecordProducer>();
        foreach (var (partition, value) in _records)
        {
            _ = await producer.SendAsync(TopicNames.TickArchive, partition, value, [], Cancellation);
        }

        await producer.FlushAsync(Cancellation);
        foreach (var lake in (ServiceProvider[])[merged, unmerged])
        {
            var consumer = lake.GetRequiredService<LakeConsumer>();
            await consumer.RunAsync(Cancellation);
            await consumer.RunAsync(Cancellation); // deletes the files that the first run has merged
            consumer.Status!.Rows.ShouldBePositive();
        }
    }

    private static ServiceProvider Lake(EventHubProcess hub, string folder, string mergeAfter)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:eventhubs"] = hub.BootstrapServers,
            ["Lake:Folder"] = folder,
            ["Lake:Interval"] = "0",
            ["Lake:MergeAfter"] = mergeAfter,
            ["Lake:MaxRoundTicks"] = "3000",
        }).Build();
        return new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(configuration).AddEventStream(configuration).AddLake().BuildServiceProvider();
    }
}
