using Npgsql;

namespace CloudTicks.Timescale.Retention;

/// <summary>The table and its retention.</summary>
public sealed record TableRetentionStatus
{
    /// <summary>The retention window; null when retention is off.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Chunks that end at or before this time are due, Unix ms, UTC; null when the table is empty or retention is off.</summary>
    public long? CutoffMs { get; init; }

    /// <summary>The clock that determines the cutoff.</summary>
    public CutoffClock Clock { get; init; }

    /// <summary>Time of the oldest tick, Unix ms, UTC; null when the table is empty.</summary>
    public long? OldestMs { get; init; }

    /// <summary>Time of the newest tick, Unix ms, UTC; null when the table is empty.</summary>
    public long? NewestMs { get; init; }

    /// <summary>The chunks, oldest first.</summary>
    public required IReadOnlyList<Chunk> Chunks { get; init; }

    /// <summary>The number of chunks that the next run drops.</summary>
    public int DueChunks => Chunks.Count(chunk => chunk.ToMs <= CutoffMs);

    /// <summary>Reads the status.</summary>
    /// <param name="connection">A connection to a migrated database; read access is sufficient.</param>
    /// <param name="window">The retention window; null when retention is off.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or has no such table.</exception>
    public static async Task<TableRetentionStatus> ReadAsync(
        NpgsqlConnection connection, TimeSpan? window, TimeProvider time, CancellationToken cancellationToken)
    {
        var chunks = await ChunkList.ReadAsync(connection, sizes: true, cancellationToken);
        var cutoff = await TableCutoff.ReadAsync(connection, window ?? TimeSpan.Zero, time, cancellationToken);
        return new TableRetentionStatus
        {
            Window = window,
            CutoffMs = window is null ? null : cutoff?.Ms,
            Clock = cutoff?.Clock ?? CutoffClock.Own,
            OldestMs = await ChunkList.ReadOldestTickAsync(connection, chunks, cancellationToken),
            NewestMs = cutoff?.NewestMs,
            Chunks = chunks,
        };
    }
}
