using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Drops chunks, each in its own transaction, and finds the session that locks a chunk.</summary>
internal static class ChunkDrop
{
    private const string SelectHolder =
        """
        SELECT 'session ' || pid || coalesce(' (' || nullif(application_name, '') || ')', '')
            || coalesce(', since ' || to_char(xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', '')
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE relation = to_regclass($1) AND granted AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1
        """;

    /// <param name="cancellationToken">Cancels the drop; the chunk stays.</param>
    /// <exception cref="PostgresException">The drop failed, for example because of a lock: see <see cref="IsCausedByLock"/>.</exception>
    public static async Task<bool> DropAsync(
        NpgsqlConnection connection, Chunk chunk, TimeSpan lockTimeout, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var setLockTimeout = new NpgsqlCommand($"SET LOCAL lock_timeout = {(int)lockTimeout.TotalMilliseconds}", connection);
        await setLockTimeout.ExecuteNonQueryAsync(cancellationToken);
        await using var command =
            new NpgsqlCommand("SELECT count(*) FROM drop_chunks('market_ticks', older_than => $1, newer_than => $2)", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<long> { TypedValue = chunk.ToMs }, new NpgsqlParameter<long> { TypedValue = chunk.FromMs },
                },
            };
        var dropped = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return dropped > 0;
    }

    /// <summary>Whether a failure was caused by another session's lock.</summary>
    public static bool IsCausedByLock(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    /// <summary>Describes the session that locks a chunk, as the end of a sentence.</summary>
    public static async Task<string> DescribeLockHolderAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellationToken)
    {
        await using var command =
            new NpgsqlCommand(SelectHolder, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = chunk.Name } } };
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "a session that has ended";
    }
}
