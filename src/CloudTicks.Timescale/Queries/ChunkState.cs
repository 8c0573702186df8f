using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>A chunk of the table, with the counts of rows written and deleted since the start of the server.</summary>
/// <param name="Changes">Shows whether the chunk has changed. The server updates these counts with a delay of some seconds.</param>
internal readonly record struct ChunkState(string Name, long FromMs, long ToMs, ChunkChanges Changes)
{
    // A crash resets the counts, so the server's start time is included in the comparison.
    private const string Select =
        """
        SELECT chunk_schema || '.' || chunk_name, range_start_integer, range_end_integer, pg_stat_get_tuples_inserted(chunk),
            pg_stat_get_tuples_deleted(chunk), (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint
        FROM timescaledb_information.chunks, to_regclass(format('%I.%I', chunk_schema, chunk_name)) AS chunk
        WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
            AND chunk IS NOT NULL
        ORDER BY range_start_integer
        """;

    public static async Task<List<ChunkState>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<ChunkState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new ChunkState(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2),
                new ChunkChanges(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))));
        }

        return chunks;
    }
}

internal readonly record struct ChunkChanges(long Written, long Deleted, long StartedMs);
