using System.Diagnostics.Metrics;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Timescale.Tests;

/// <summary>A separate migrated database for one test, and the stores that the test opens on it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>The maximum wait of a store for a lock. It is long, so that a test that holds a lock may be slow.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(5);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<TickStore> _stores = [];

    private TestDatabase(string connectionString) =>
        (ConnectionString, Source, Sources) =
            (connectionString, NpgsqlDataSource.Create(connectionString),
                new DatabaseSources(DatabaseConnections.Parse(name => name == "timescale" ? connectionString : null)));

    public string ConnectionString { get; }

    /// <summary>Connections as the server's superuser.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Connections with the program's rights.</summary>
    public DatabaseSources Sources { get; }

    public static async Task<TestDatabase> CreateAsync(PostgresFixture postgres)
    {
        var database = new TestDatabase(await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken));
        await database.Migrator().MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    public SchemaMigrator Migrator() => new(Sources.Owner, TimeProvider.System, NullLogger<SchemaMigrator>.Instance, Sources);

    /// <summary>Creates a store, as a separate program would.</summary>
    public TickStore Store(TimescaleOptions? options = null, TimeProvider? time = null) =>
        // Test ticks have a fixed date, which a retention window would exclude.
        Store(new SettableOptions(options ?? new TimescaleOptions { RetentionWindow = null }), time);

    public TickStore Store(SettableOptions options, TimeProvider? time = null)
    {
        var metrics = new TimescaleMetrics(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var store = new TickStore(
            Sources.Writer, options, metrics, time ?? TimeProvider.System, NullLogger.Instance, isWarmUp: false, LockTimeout);
        _stores.Add(store);
        return store;
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        var value = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return value is DBNull or null ? default! : (T)value;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task<long> CountAsync() => QueryAsync<long>("SELECT count(*) FROM market_ticks");

    /// <summary>Waits until a session of this database waits for a lock; returns the session's process id.</summary>
    public async Task<int> WaitForBlockedSessionAsync()
    {
        while (true)
        {
            var pid = await QueryAsync<int>(
                "SELECT coalesce((SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT "
                    + "1), 0)");
            if (pid != 0)
            {
                return pid;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await Sources.DisposeAsync();
        await Source.DisposeAsync();
        await _services.DisposeAsync();
    }
}
