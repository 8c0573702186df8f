using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Reads <c>market_ticks</c> for people and programs that look back. Each question is bounded in rows, and in time.</summary>
/// <param name="database">A database with the schema of this program.</param>
public sealed class TickHistory(NpgsqlDataSource database)
{
    /// <summary>Seconds after which a question is given up: it must not slow down the writer for longer.</summary>
    private const int TimeLimit = 20;

    private const string Columns =
        "symbol, timestamp_ms, kind::text, source::text, bid, ask, bid_size, ask_size, price, size, exchange, conditions, sequence, trade_id, " +
        "tick_hash, received_ms";

    /// <summary>Reads ticks of a symbol, ordered by time, then by the feed's sequence number.</summary>
    /// <param name="symbol">The symbol's name, normalised.</param>
    /// <param name="fromMs">First time, Unix ms, UTC; null takes the latest ticks before <paramref name="toMs"/> instead of the first from here.</param>
    /// <param name="toMs">The time behind the last, Unix ms, UTC.</param>
    /// <param name="limit">Most ticks, at least 1.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>The ticks.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<IReadOnlyList<MarketTick>> ReadAsync(
        string symbol, long? fromMs, long toMs, int limit, CancellationToken cancellationToken)
    {
        // The order of the index, forwards or backwards, so that the limit ends the reading.
        var order = fromMs is null ? "timestamp_ms DESC, tick_hash DESC" : "timestamp_ms, tick_hash";
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM market_ticks WHERE symbol = $1 AND timestamp_ms >= $2 AND timestamp_ms < $3 ORDER BY {order} LIMIT $4");
        command.CommandTimeout = TimeLimit;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = symbol });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromMs ?? long.MinValue });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toMs });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ticks = new List<MarketTick>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ticks.Add(Tick(reader));
        }

        return [.. ticks.OrderBy(tick => tick.TimestampMs).ThenBy(tick => tick.Sequence).ThenBy(tick => tick.Identity)];
    }

    /// <summary>Counts the rows of each symbol.</summary>
    /// <param name="limit">Most symbols, at least 1.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>One entry for each symbol that has rows, by name.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<IReadOnlyList<SymbolSummary>> ListSymbolsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT symbol, count(*), min(timestamp_ms), max(timestamp_ms) FROM market_ticks GROUP BY symbol ORDER BY symbol LIMIT $1");
        command.CommandTimeout = TimeLimit;
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var symbols = new List<SymbolSummary>();
        while (await reader.ReadAsync(cancellationToken))
        {
            symbols.Add(new SymbolSummary(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return symbols;
    }

    private static MarketTick Tick(NpgsqlDataReader row) => new()
    {
        Symbol = row.GetString(0),
        TimestampMs = row.GetInt64(1),
        Kind = row.GetString(2),
        Source = row.GetString(3),
        Bid = row.GetFieldValue<double?>(4),
        Ask = row.GetFieldValue<double?>(5),
        BidSize = row.GetFieldValue<double?>(6),
        AskSize = row.GetFieldValue<double?>(7),
        Price = row.GetFieldValue<double?>(8),
        Size = row.GetFieldValue<double?>(9),
        Exchange = row.GetFieldValue<short?>(10),
        Conditions = row.IsDBNull(11) ? null : row.GetFieldValue<short[]>(11),
        Sequence = row.GetFieldValue<long?>(12),
        TradeId = row.IsDBNull(13) ? null : row.GetString(13),
        Identity = (ulong)row.GetInt64(14),
        ReceivedMs = row.GetInt64(15),
    };
}
