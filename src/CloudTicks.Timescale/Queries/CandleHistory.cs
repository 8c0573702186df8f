using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Aggregates a symbol's ticks into candles, in the database.</summary>
public sealed class CandleHistory(ReadingDatabase database)
{
    /// <summary>Aggregates mid prices of quotes or prices of trades. An interval without a price has no candle.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <param name="price"><see cref="TickKind.Quote"/> for the mid price of bid and ask, <see cref="TickKind.Trade"/> for prices of
    /// trades.</param>
    /// <param name="lengthMs">The length of a candle in ms, at least 1.</param>
    /// <param name="fromMs">Start of the range, Unix ms, UTC.</param>
    /// <param name="toMs">End of the range, exclusive, Unix ms, UTC.</param>
    /// <param name="withoutCrossed">Whether to skip quotes with an ask below the bid.</param>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<IReadOnlyList<Candle>> ReadAsync(
        string symbol, TickKind price, long lengthMs, long fromMs, long toMs, bool withoutCrossed, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql(price, withoutCrossed));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromMs });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toMs });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lengthMs });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var candles = new List<Candle>();
        while (await reader.ReadAsync(cancellationToken))
        {
            candles.Add(new Candle(
                reader.GetInt64(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4),
                reader.GetFieldValue<double?>(5), reader.GetInt64(6), reader.GetFieldValue<double?>(7)).Rounded());
        }

        return candles;
    }

    /// <summary>
    /// Builds the query. row_number orders the ticks of one millisecond; otherwise, open and close would be arbitrary. Volumes are summed
    /// as decimals, so that the sum does not depend on the order; the lake does the same.
    /// </summary>
    private static string Sql(TickKind price, bool withoutCrossed)
    {
        // Some feeds send zero for an absent side; a quote with only one side has no mid price.
        const string bothSides = "kind = 'quote' AND bid > 0 AND ask > 0";
        var value = price == TickKind.Trade ? "CASE WHEN kind = 'trade' THEN price END" : $"CASE WHEN {bothSides} THEN (bid + ask) / 2 END";
        return
            $"""
            SELECT start, first(value, place) FILTER (WHERE value IS NOT NULL), max(value), min(value),
                last(value, place) FILTER (WHERE value IS NOT NULL), sum(volume)::double precision, count(value), avg(spread)
            FROM (
                SELECT time_bucket($4, timestamp_ms) AS start, {value} AS value, CASE WHEN kind = 'trade' THEN size::numeric END AS volume,
                    CASE WHEN {bothSides} THEN ask - bid END AS spread,
                    row_number() OVER (ORDER BY timestamp_ms, coalesce(sequence, 0), tick_hash) AS place
                FROM market_ticks WHERE symbol = $1 AND timestamp_ms >= $2
                    AND timestamp_ms < $3{(withoutCrossed ? $" AND {MarketTickRows.NotCrossedCondition}" : "")}) tick
            GROUP BY start HAVING count(value) > 0 ORDER BY start
            """;
    }
}
