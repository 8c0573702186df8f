using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using CloudTicks.Timescale.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Cli.Tests.Replaying;

/// <summary>Stores ticks as StoreTicks does, but in this process.</summary>
internal sealed class TickStoreWriter : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _source;
    private readonly TickStore _store;

    private TickStoreWriter(NpgsqlDataSource source)
    {
        _source = source;
        var metrics = new TimescaleMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), TimeProvider.System);
        var options = new SettableOptions(new TimescaleOptions { RetentionWindow = null });
        _store = new TickStore(source, options, metrics, TimeProvider.System, NullLogger<TickStore>.Instance);
    }

    /// <summary>Opens a database, and creates CloudTicks' schema in it.</summary>
    public static async Task<TickStoreWriter> OpenAsync(string database)
    {
        var source = NpgsqlDataSource.Create(database);
        await new SchemaMigrator(source, TimeProvider.System, NullLogger<SchemaMigrator>.Instance)
            .MigrateAsync(TestContext.Current.CancellationToken);
        return new TickStoreWriter(source);
    }

    public async Task StoreAllAsync(TestArchive archive)
    {
        foreach (var partition in archive.ReadAll("tick_archive").GroupBy(record => record.Partition))
        {
            ArchivedRecord[] records = [.. partition.Select((record, offset) => new ArchivedRecord(offset, record.Message.Value))];
            while (true)
            {
                try
                {
                    await _store.StoreAsync(new StreamPartition("kafka:test", "tick_archive", partition.Key), records,
                        (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);
                    break;
                }
                catch (PostgresException problem) when (
                    problem.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable)
                {
                    // StoreTicks would also retry.
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _source.DisposeAsync();
        await _services.DisposeAsync();
    }
}
