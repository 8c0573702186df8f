using Npgsql;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>Every tick in the table: when the collector read it, and when its row was committed.</summary>
internal sealed class StoredTicks(NpgsqlDataSource table)
{
    /// <summary>The maximum difference between a tick's time, which determines its chunk, and its receipt.</summary>
    private const long MaxTransitMs = 60_000;

    private const string CountsQuery =
        """
        SELECT greatest(0, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::bigint - received_ms), count(*)
        FROM market_ticks
        WHERE received_ms >= $1 AND received_ms < $2 AND timestamp_ms >= $3 AND timestamp_ms < $4 AND source = 'live'
        GROUP BY 1
        """;

    /// <summary>The percentiles of the ticks that the collector read in a time range.</summary>
    public async Task<HopPercentiles?> BetweenAsync(long fromMs, long toMs, CancellationToken cancellationToken)
    {
        await using var command = table.CreateCommand(CountsQuery);
        command.CommandTimeout = 0;
        foreach (var bound in (long[])[fromMs, toMs, fromMs - MaxTransitMs, toMs + MaxTransitMs])
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = bound });
        }

        var counts = new List<(double, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return HopPercentiles.Of(HopPercentiles.Row, counts);
    }
}
