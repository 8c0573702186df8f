using System.Data;
using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Serialises retention runs on a database, so that no run reports another run's drops as missing.</summary>
internal sealed class TableRetentionLock : IAsyncDisposable
{
    /// <summary>The key of the advisory lock, an arbitrary constant.</summary>
    private const long RetentionLock = 0x436C_6F75_6444_726F;

    private const int TimeoutSeconds = 10;

    private readonly NpgsqlConnection _connection;

    private TableRetentionLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Acquires the lock, after waiting for other runs.</summary>
    /// <exception cref="TableRetentionBusyException">Another run did not finish in time.</exception>
    public static async Task<TableRetentionLock> AcquireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // The lock belongs to the session; the lock timeout ends with the transaction.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command =
                new NpgsqlCommand($"SET LOCAL lock_timeout = '{TimeoutSeconds}s'; SELECT pg_advisory_lock({RetentionLock})", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new TableRetentionLock(connection);
        }
        catch (PostgresException held) when (held.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new TableRetentionBusyException(
                $"Another run of retention on database {connection.Database} did not finish within {TimeoutSeconds} s.",
                held);
        }
        catch
        {
            // The lock may have been acquired before the cancellation: release it before the connection returns to the pool.
            await ReleaseAsync(connection);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync(_connection);

    private static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        // A broken connection has released its lock.
        if (connection.State == ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({RetentionLock})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
