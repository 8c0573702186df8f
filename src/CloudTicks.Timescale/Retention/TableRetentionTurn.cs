using System.Data;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>One retention run at a time on a database, so that no run takes another's drops for a loss.</summary>
internal sealed class TableRetentionTurn : IAsyncDisposable
{
    /// <summary>Chosen once at random.</summary>
    private const long RetentionLock = 0x436C_6F75_6444_726F;

    private const int PatienceSeconds = 10;

    private readonly NpgsqlConnection _connection;

    private TableRetentionTurn(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits for the others.</summary>
    /// <exception cref="TableRetentionBusyException">They did not end in time.</exception>
    public static async Task<TableRetentionTurn> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // The lock outlives the transaction, the timeout does not.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command =
                new NpgsqlCommand($"SET LOCAL lock_timeout = '{PatienceSeconds}s'; SELECT pg_advisory_lock({RetentionLock})", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new TableRetentionTurn(connection);
        }
        catch (PostgresException held) when (held.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new TableRetentionBusyException(
                $"Another program enforces retention on database {connection.Database}, and has not ended within {PatienceSeconds} s.",
                held);
        }
        catch
        {
            // It may have been taken before the caller gave up, and the pool would keep it.
            await ReleaseAsync(connection);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync(_connection);

    private static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        // A connection that broke has given its lock back by itself.
        if (connection.State == ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({RetentionLock})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
