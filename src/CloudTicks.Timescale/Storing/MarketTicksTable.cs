using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Storing;

/// <summary>The table's columns in the order in which rows are encoded, and the statements that take such rows.</summary>
internal static class MarketTicksTable
{
    public const string Name = "market_ticks";

    public const short ColumnCount = 17;

    public const string Columns =
        "symbol, timestamp_ms, market, kind, source, bid, ask, bid_size, ask_size, price, size, exchange, conditions, sequence, trade_id, " +
        "tick_hash, received_ms";

    public const string CopyInto = $"COPY market_ticks ({Columns}) FROM STDIN (FORMAT BINARY)";

    public static ReadOnlySpan<byte> Label(Market market) => market switch
    {
        Market.Stock => "stock"u8,
        Market.Option => "option"u8,
        Market.Forex => "forex"u8,
        Market.Crypto => "crypto"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(market), market, "No such market."),
    };

    public static ReadOnlySpan<byte> Label(TickKind kind) => kind switch
    {
        TickKind.Quote => "quote"u8,
        TickKind.Trade => "trade"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };

    public static ReadOnlySpan<byte> Label(TickSource source) => source switch
    {
        TickSource.Live => "live"u8,
        TickSource.Backfill => "backfill"u8,
        TickSource.DbCommand => "db_command"u8,
        TickSource.Replay => "replay"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "No such source."),
    };
}
