using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>A chunk of the table, and what the server has counted in it since it started: rows written, and rows deleted.</summary>
/// <param name="Changes">Tells whether it has changed. The server notes changes up to some seconds late.</param>
internal readonly record struct ChunkState(string Name, long FromMs, long ToMs, ChunkChanges Changes)
{
    // What was counted is forgotten by a crash: with the start of the server in it, the same numbers are not taken for the same rows.
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
