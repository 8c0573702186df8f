using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>Reads the newest tick's time from the newest chunk with rows, because max() over the table would lock every chunk.</summary>
internal static class NewestTickQuery
{
    private const string SelectChunkBefore =
        """
        SELECT max(range_start_integer) FROM timescaledb_information.chunks
        WHERE hypertable_schema = current_schema() AND hypertable_name = 'market_ticks' AND range_start_integer < $1
        """;

    private const string NewestSince = "SELECT max(timestamp_ms) FROM market_ticks WHERE timestamp_ms >= $1";

    /// <returns>Unix ms, UTC; null when the table is empty.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<long?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long? newest = null;
        var before = long.MaxValue;
        while (newest is null && await QueryAsync(connection, SelectChunkBefore, before, cancellationToken) is { } chunk)
        {
            newest = await QueryAsync(connection, NewestSince, chunk, cancellationToken);
            before = chunk;
        }

        return newest;
    }

    private static async Task<long?> QueryAsync(
        NpgsqlConnection connection, string sql, long parameter, CancellationToken cancellationToken)
    {
        await using var command =
            new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = parameter } } };
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }
}
