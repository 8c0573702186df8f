using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>Drops the oldest chunk to limit the table's size.</summary>
/// <param name="database">Connections in the role of the owner.</param>
/// <param name="time">The clock of this program, one of the clocks that determine the age of a chunk.</param>
public sealed class OldestChunk(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Drops the oldest chunk, unless it ended less than a chunk's length ago.</summary>
    /// <param name="cancellationToken">Cancels the drop; the chunk stays.</param>
    /// <returns>The dropped chunk; null when no chunk may be dropped, or the oldest chunk is locked.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program enforces retention.</exception>
    public async Task<Chunk?> DropAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var retentionLock = await TableRetentionLock.AcquireAsync(connection, cancellationToken);
            return await FindAsync(connection, time, cancellationToken) is { } oldest
                && await ChunkDrop.DropAsync(connection, oldest, LockTimeout, cancellationToken)
                ? oldest
                : null;
        }
        catch (PostgresException passing) when (passing.SqlState == PostgresErrorCodes.UndefinedTable || ChunkDrop.IsCausedByLock(passing))
        {
            return null;
        }
    }

    /// <summary>Sets the length of future chunks. Existing chunks stay unchanged.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or has no table yet.</exception>
    public async Task SetLengthAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT set_chunk_time_interval('market_ticks', $1)");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)length.TotalMilliseconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The oldest chunk with its size; null if there is none, or if it ended less than a chunk's length ago.</returns>
    internal static async Task<Chunk?> FindAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken) =>
        await TableCutoff.ReadAsync(connection, TimeSpan.Zero, time, cancellationToken) is { } now
            && await ChunkList.ReadAsync(connection, sizes: true, cancellationToken) is [var oldest, ..]
            && oldest.ToMs <= now.Ms - (oldest.ToMs - oldest.FromMs)
            ? oldest
            : null;
}
