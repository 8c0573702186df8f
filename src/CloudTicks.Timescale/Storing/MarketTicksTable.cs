namespace CloudTicks.Timescale.Storing;

/// <summary>The table's columns in the order of encoded rows, and the COPY statement.</summary>
internal static class MarketTicksTable
{
    public const string Name = "market_ticks";

    public const short ColumnCount = 17;

    public const string Columns =
        "symbol, timestamp_ms, market, kind, source, bid, ask, bid_size, ask_size, price, size, exchange, conditions, sequence, "
            + "trade_id, " +
        "tick_hash, received_ms";

    public const string CopyInto = $"COPY market_ticks ({Columns}) FROM STDIN (FORMAT BINARY)";
}
