using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>The oldest chunk, where the table may only have so much room.</summary>
/// <param name="database">Connections of the owner.</param>
/// <param name="time">One of the clocks by which a chunk is old enough to go.</param>
public sealed class OldestChunk(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan ChunkPatience = TimeSpan.FromSeconds(2);

    /// <summary>Drops it, but never one that ended less than its own length ago.</summary>
    /// <param name="cancellationToken">Ends it; then the chunk stays.</param>
    /// <returns>What went; null when there is nothing that may go, or somebody holds it.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    /// <exception cref="TableRetentionBusyException">Another program is at it.</exception>
    public async Task<Chunk?> DropAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var turn = await TableRetentionTurn.TakeAsync(connection, cancellationToken);
            return await FindAsync(connection, time, cancellationToken) is { } oldest
                && await ChunkDrop.DropAsync(connection, oldest, ChunkPatience, cancellationToken)
                ? oldest
                : null;
        }
        catch (PostgresException passing) when (passing.SqlState == PostgresErrorCodes.UndefinedTable || ChunkDrop.IsHeld(passing))
        {
            return null;
        }
    }

    /// <summary>Makes the chunks to come shorter or longer; those that are there stay as they are.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or has no table yet.</exception>
    public async Task SetLengthAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT set_chunk_time_interval('market_ticks', $1)");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)length.TotalMilliseconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The oldest chunk with its size; null when it ended less than its own length ago, or there is none.</returns>
    internal static async Task<Chunk?> FindAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken) =>
        await TableCutoff.ReadAsync(connection, TimeSpan.Zero, time, cancellationToken) is { } now
            && await ChunkList.ReadAsync(connection, sizes: true, cancellationToken) is [var oldest, ..]
            && oldest.ToMs <= now.Ms - (oldest.ToMs - oldest.FromMs)
            ? oldest
            : null;
}
