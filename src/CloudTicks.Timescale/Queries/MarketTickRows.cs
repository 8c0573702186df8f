using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>The columns of a tick, and the conversion of rows to ticks.</summary>
internal static class MarketTickRows
{
    public const int ColumnCount = 16;

    public const string Columns =
        "symbol, timestamp_ms, kind::text, source::text, bid, ask, bid_size, ask_size, price, size, exchange, conditions, sequence, "
            + "trade_id, " +
        "tick_hash, received_ms";

    /// <summary>
    /// The SQL condition for ticks that are not crossed quotes. A quote with an absent side (null, or zero in some feeds) is not crossed.
    /// </summary>
    public const string NotCrossedCondition = "(bid > ask AND ask > 0) IS NOT TRUE";

    public static MarketTick Read(NpgsqlDataReader row) => new()
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

    public static async Task<List<MarketTick>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ticks = new List<MarketTick>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ticks.Add(Read(reader));
        }

        return ticks;
    }
}
