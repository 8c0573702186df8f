using CloudTicks.Foundations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Takes made-up ticks the whole way into the table, in transactions that are rolled back: the path is compiled, and connections are open,
/// when the first tick comes. Nothing of it is committed or counted.
/// </summary>
public sealed class StoreRehearsal(NpgsqlDataSource database, IOptionsMonitor<TimescaleOptions> options, TimeProvider time)
{
    /// <summary>Transactions follow each other as those of real ticks do, a pause apart.</summary>
    private const int Rounds = 2;

    /// <summary>More than one, so that they share transactions.</summary>
    private const int Partitions = 4;

    /// <param name="makeRecord">Makes a record of a partition.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses.</exception>
    public async Task RunAsync(Func<int, byte[]> makeRecord, CancellationToken cancellationToken)
    {
        using var meters = new SilentMeters();
        await using var store = new TickStore(
            database, options, new TimescaleMetrics(meters, time), time, NullLogger.Instance, rehearses: true);
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => store.StoreAsync(
                new StreamPartition("rehearsal", "rehearsal", partition), [new ArchivedRecord(round, makeRecord(partition))],
                (_, _) => Task.CompletedTask, cancellationToken)));
        }
    }
}
