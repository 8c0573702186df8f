using Npgsql;

namespace CloudTicks.Timescale.Retention;

internal static class ChunkList
{
    // Statistics need no lock. A crash resets them, but not the result of ANALYZE.
    private const string Select =
        """
        SELECT chunk_schema || '.' || chunk_name, range_start_integer, range_end_integer,
            greatest(pg_stat_get_live_tuples(chunk), (SELECT reltuples::bigint FROM pg_class WHERE oid = chunk), 0), {0}, is_compressed,
                pg_stat_get_live_tuples(chunk)
        FROM timescaledb_information.chunks CROSS JOIN to_regclass(format('%I.%I', chunk_schema, chunk_name)) AS chunk{1}
        WHERE 'market_ticks'::regclass IS NOT NULL AND hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
            AND chunk IS NOT NULL
        ORDER BY range_start_integer
        """;

    private const string SelectOldestSince =
        "SELECT timestamp_ms FROM market_ticks WHERE timestamp_ms >= $1 AND timestamp_ms < $2 ORDER BY timestamp_ms LIMIT 1";

    // Compressed rows are in a separate table, whose size was recorded at compression.
    private static readonly string SelectWithoutSizes =
        Select.Replace("{0}", "0::bigint", StringComparison.Ordinal).Replace("{1}", "", StringComparison.Ordinal);
    private static readonly string SelectWithSizes = Select
        .Replace("{0}", "coalesce(pg_total_relation_size(chunk), 0) + coalesce(after_compression_total_bytes, 0)", StringComparison.Ordinal)
        .Replace("{1}", " LEFT JOIN chunk_compression_stats('market_ticks') USING (chunk_schema, chunk_name)", StringComparison.Ordinal);

    /// <param name="sizes">Whether to read the sizes on disk. The query then waits for exclusive locks of other sessions.</param>
    /// <exception cref="NpgsqlException">The database does not answer, or has no such table.</exception>
    public static async Task<List<Chunk>> ReadAsync(NpgsqlConnection connection, bool sizes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sizes ? SelectWithSizes : SelectWithoutSizes, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<Chunk>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new Chunk(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetBoolean(5),
                reader.GetInt64(6)));
        }

        return chunks;
    }

    /// <summary>
    /// Reads the oldest tick's time (Unix ms) from the oldest chunk with rows, because min() over the table would lock every chunk.
    /// </summary>
    public static async Task<long?> ReadOldestTickAsync(
        NpgsqlConnection connection, IEnumerable<Chunk> chunks, CancellationToken cancellationToken)
    {
        foreach (var chunk in chunks)
        {
            await using var command = new NpgsqlCommand(SelectOldestSince, connection)
            {
                Parameters =
                    { new NpgsqlParameter<long> { TypedValue = chunk.FromMs }, new NpgsqlParameter<long> { TypedValue = chunk.ToMs } },
            };
            if (await command.ExecuteScalarAsync(cancellationToken) is long oldest)
            {
                return oldest;
            }
        }

        return null;
    }
}
