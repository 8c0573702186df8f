using System.Collections.Concurrent;
using System.Text;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Nats;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using CloudTicks.Ticks.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests;

/// <summary>An event hub, a database and a NATS subscriber for one test, with the functions between them.</summary>
internal sealed class TestSystem : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _database;
    private readonly List<FunctionsProcess> _processes = [];

    private TestSystem(EventHubProcess hub, string database, NatsCluster nats)
    {
        (Hub, Database, Nats) = (hub, database, nats);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:eventhubs"] = hub.BootstrapServers,
                ["ConnectionStrings:nats"] = nats.Servers[0].Url
            }).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddEventStream(configuration).AddNatsSubscriber().BuildServiceProvider();
        // The name distinguishes the test's connections from those of the functions, which tests cut.
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { ApplicationName = "test" });
    }

    public EventHubProcess Hub { get; }

    public string Database { get; }

    public NatsCluster Nats { get; }

    /// <summary>The number of times that the subscriber received each tick identity.</summary>
    public ConcurrentDictionary<ulong, int> Seen { get; } = new();

    /// <summary>The subjects that the subscriber received.</summary>
    public ConcurrentDictionary<string, bool> Subjects { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestSystem> StartAsync(PostgresFixture postgres, int natsNodes = 1) =>
        await StartAsync(await postgres.CreateDatabaseAsync(Cancellation), natsNodes);

    public static async Task<TestSystem> StartAsync(string database, int natsNodes = 1)
    {
        // Ticks of another test must not be counted here, so only the PostgreSQL server is shared.
        var nats = await NatsFixture.StartClusterAsync(natsNodes, Cancellation);
        var system = new TestSystem(await EventHubProcess.StartAsync(cancellationToken: Cancellation), database, nats);
        await system.CreateTopicsAsync();
        var subscriber = system._services.GetRequiredService<NatsSubscriber>();
        subscriber.Subscribe("ticks.*", system.OnMessage);
        await subscriber.ReadyAsync(Cancellation);
        return system;
    }

    public Task CreateTopicsAsync() => ArchiveTopics.EnsureAsync(
        _services.GetRequiredService<EventStreamConnection>(), NullLogger.Instance, MaxWait, TimeProvider.System, Cancellation);

    /// <summary>Starts the functions as a process.</summary>
    public Task<FunctionsProcess> StartFunctionsAsync(params (string Name, string? Value)[] settings) =>
        StartFunctionsOnAsync("http://127.0.0.1:0", settings);

    /// <summary>Starts the functions as a process that listens on the given addresses.</summary>
    public async Task<FunctionsProcess> StartFunctionsOnAsync(string urls, params (string Name, string? Value)[] settings)
    {
        var allSettings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__eventhubs"] = Hub.BootstrapServers,
            ["ConnectionStrings__timescale"] = Database,
            ["ConnectionStrings__nats"] = Nats.Url,
        };
        foreach (var (name, value) in settings)
        {
            allSettings[name] = value;
        }

        var process = await FunctionsProcess.StartAsync(allSettings, urls);
        _processes.Add(process);
        return process;
    }

    public async Task ProduceAsync(int partition, params byte[][] records)
    {
        var producer = _services.GetRequiredService<RecordProducer>();
        foreach (var record in records)
        {
            await (await producer.SendAsync(TopicNames.TickArchive, partition, record, [], Cancellation));
        }
    }

    /// <summary>Reads all dead letters.</summary>
    public async Task<IReadOnlyList<StreamRecord>> DeadLettersAsync()
    {
        var positions = _services.GetRequiredService<StreamPositions>();
        var end = (await positions.GetWatermarksAsync(TopicNames.DeadLetters, Cancellation))[0].High;
        var letters = new List<StreamRecord>();
        await foreach (var letter in _services.GetRequiredService<RecordConsumer>()
            .ReadAsync(TopicNames.DeadLetters, [new OffsetRange(0, 0, end)], Cancellation))
        {
            letters.Add(letter);
        }

        return letters;
    }

    /// <summary>Returns the end offsets of the archive's first partitions.</summary>
    public async Task<IReadOnlyDictionary<int, long>> ArchiveEndsAsync(int partitions) =>
        (await _services.GetRequiredService<StreamPositions>().GetWatermarksAsync(TopicNames.TickArchive, Cancellation))
            .Where(end => end.Partition < partitions).ToDictionary(end => end.Partition, end => end.High);

    /// <summary>Reads records of the archive.</summary>
    public IAsyncEnumerable<StreamRecord> ArchiveAsync(OffsetRange[] ranges) =>
        _services.GetRequiredService<RecordConsumer>().ReadAsync(TopicNames.TickArchive, ranges, Cancellation);

    /// <summary>Returns the checkpoints of a consumer group.</summary>
    public Task<IReadOnlyDictionary<int, long>> CheckpointsAsync(string group) =>
        _services.GetRequiredService<StreamPositions>().GetCommittedAsync(group, TopicNames.TickArchive, Cancellation);

    /// <summary>Sets a checkpoint without processing the records before it, like a faulty host.</summary>
    public void SetCheckpoint(string group, int partition, long offset)
    {
        var connection = _services.GetRequiredService<EventStreamConnection>();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(connection.ConsumerConfig(group)).Build();
        consumer.Commit([new TopicPartitionOffset(TopicNames.TickArchive, partition, offset)]);
    }

    /// <summary>Discards the test's connections to the server, which was stopped.</summary>
    public void ForgetConnections() => _database.Clear();

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Locks the table until the result is disposed, so that nothing can be stored.</summary>
    public async Task<IAsyncDisposable> LockTableAsync()
    {
        var connection = await _database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE market_ticks IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    /// <summary>Cuts the functions' connections to the database: all of them, or those that match a condition.</summary>
    /// <returns>The number of connections.</returns>
    public Task<long> CutConnectionsAsync(string condition = "true") => QueryAsync<long>(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity " +
        $"WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> 'test' AND {condition}");

    /// <summary>Counts the rows in the table; 0 while the table does not exist.</summary>
    public async Task<long> CountRowsAsync()
    {
        try
        {
            return await QueryAsync<long>("SELECT count(*) FROM market_ticks");
        }
        catch (PostgresException absent)
            when (absent.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName)
        {
            return 0;
        }
    }

    /// <summary>
    /// Waits until <paramref name="problem"/> returns null; after the timeout, throws with the last problem in the message.
    /// </summary>
    public async Task UntilAsync(Func<Task<string?>> problem)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await problem() is { } still)
        {
            if (TimeProvider.System.GetElapsedTime(started) > MaxWait)
            {
                throw new TimeoutException($"{still}\n{string.Join('\n', _processes.Select(process => process.Log))}");
            }

            await Task.Delay(PollInterval, TimeProvider.System, Cancellation);
        }
    }

    public Task UntilRowsAsync(long expected) => UntilAsync(async () =>
        await CountRowsAsync() is var rows && rows == expected ? null : $"{rows} rows instead of {expected}");

    public Task UntilSeenAsync(int expected) => UntilAsync(() =>
        Task.FromResult(Seen.Count == expected ? null : $"{Seen.Count} ticks seen on NATS instead of {expected}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _database.DisposeAsync();
        await Hub.DisposeAsync();
        await Nats.DisposeAsync();
    }

    private void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (TickMessage.TryRead(payload, out var message))
        {
            Seen.AddOrUpdate(message.Identity, 1, (_, times) => times + 1);
            Subjects.TryAdd(Encoding.UTF8.GetString(subject), true);
        }
    }
}
