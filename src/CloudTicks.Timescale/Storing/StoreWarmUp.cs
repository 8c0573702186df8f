using CloudTicks.Foundations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Warms up the store with synthetic ticks in transactions that are rolled back, so that code is compiled and connections are open before
/// the first tick. Nothing is committed or counted.
/// </summary>
public sealed class StoreWarmUp(NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>The number of rounds: two, so that the code for the pause between transactions also runs.</summary>
    private const int Rounds = 2;

    /// <summary>The number of partitions: several, so that they share transactions.</summary>
    private const int Partitions = 4;

    /// <summary>The maximum wait of a transaction for a lock.</summary>
    internal TimeSpan LockTimeout { get; init; } = TickStore.DefaultLockTimeout;

    /// <summary>Stores records of several partitions, and rolls each transaction back.</summary>
    /// <param name="makeRecord">Creates a record of a partition.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses a statement.</exception>
    public async Task RunAsync(Func<int, byte[]> makeRecord, CancellationToken cancellationToken)
    {
        using var meters = new SilentMeters();
        await using var store = new TickStore(
            database, options, new TimescaleMetrics(meters, time), time, NullLogger.Instance, isWarmUp: true, LockTimeout);
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => store.StoreAsync(
                new StreamPartition("rehearsal", "rehearsal", partition), [new ArchivedRecord(round, makeRecord(partition))],
                (_, _) => Task.CompletedTask, cancellationToken)));
        }
    }
}
