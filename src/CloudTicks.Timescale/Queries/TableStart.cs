using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads the time since which the table has ticks.</summary>
public sealed class TableStart(ReadingDatabase database)
{
    /// <summary>Reads the beginning of the oldest chunk.</summary>
    /// <returns>Unix ms, UTC; null when the table is empty.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT min(range_start_integer) FROM timescaledb_information.chunks
            WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
            """);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <summary>
    /// Reads the time since which the table has all ticks: the beginning of the chunk that was created first. Retention drops the oldest
    /// chunks first, so a dropped chunk that was recreated for late or replayed ticks was created after all chunks that were kept. The
    /// recreated chunk and all earlier chunks may lack ticks.
    /// </summary>
    /// <returns>Unix ms, UTC; null when the table is empty.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<long?> ReadCompleteSinceAsync(CancellationToken cancellationToken)
    {
        // The name of a chunk contains its number: _hyper_1_23_chunk.
        await using var command = database.CreateCommand(
            """
            SELECT range_start_integer FROM timescaledb_information.chunks
            WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
            ORDER BY split_part(chunk_name, '_', 4)::bigint LIMIT 1
            """);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
