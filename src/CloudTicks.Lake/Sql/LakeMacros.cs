namespace CloudTicks.Lake.Sql;

/// <summary>
/// Our SQL functions (docs/lake.md). Times are UTC timestamps or their text; <c>from_time</c> is inclusive, <c>to_time</c> exclusive.
/// </summary>
public static class LakeMacros
{
    private const string From = "epoch_ms(from_time::TIMESTAMP)";
    private const string To = "epoch_ms(to_time::TIMESTAMP)";
    private const string InRange = $"symbol = s AND timestamp_ms >= {From} AND timestamp_ms < {To}";

    /// <summary>The order of ticks, including those of the same millisecond.</summary>
    private const string Order = "timestamp_ms, archive_offset";

    /// <summary>
    /// Includes the day before <c>from_time</c>, because the last quote before <c>from_time</c> is still valid at that time.
    /// </summary>
    private const string InRangeOrDayBefore = $"symbol = s AND timestamp_ms >= {From} - 86400000 AND timestamp_ms < {To}";

    private const string Bar = """
        arg_min(price, (timestamp_ms, archive_offset)) AS open, max(price) AS high, min(price) AS low,
            arg_max(price, (timestamp_ms, archive_offset)) AS close, sum(size) AS volume, sum(price * size) / sum(size) AS vwap,
            count(*) AS trades
        """;

    /// <summary>All functions.</summary>
    public static IReadOnlyList<LakeMacro> All { get; } =
    [
        new("mid(bid, ask)", "The midpoint of a quote.", "(bid + ask) / 2"),
        new("spread(bid, ask)", "Ask less bid.", "ask - bid"),
        new("spread_bps(bid, ask)", "The spread in hundredths of a percent of the midpoint.", "20000 * (ask - bid) / (bid + ask)"),
        new("vwap(price, size)", "The average price of a group's rows, weighted by size.", "sum(price * size) / sum(size)"),
        new("in_us_session(timestamp_ms)", "Whether a time is in the regular US session, 9:30 to 16:00 in New York, Monday to Friday.", """
            isodow(timezone('America/New_York', to_timestamp(timestamp_ms / 1000.0))) < 6
            AND timezone('America/New_York', to_timestamp(timestamp_ms / 1000.0))::TIME >= TIME '09:30:00'
            AND timezone('America/New_York', to_timestamp(timestamp_ms / 1000.0))::TIME < TIME '16:00:00'
            """),
        new("trades_with_quotes(s, from_time, to_time)", "Each trade of a symbol with the newest quote at its time (ASOF).", $"""
            TABLE SELECT t.symbol, t.timestamp_ms, t.time, t.price, t.size, q.timestamp_ms AS quote_ms, q.bid, q.ask,
                (q.bid + q.ask) / 2 AS mid, t.price - (q.bid + q.ask) / 2 AS distance
            FROM (SELECT * FROM trades WHERE {InRange}) t
            ASOF LEFT JOIN (SELECT * FROM quotes WHERE {InRangeOrDayBefore}
                QUALIFY row_number() OVER (PARTITION BY timestamp_ms ORDER BY archive_offset DESC) = 1) q
                ON t.symbol = q.symbol AND t.timestamp_ms >= q.timestamp_ms
            ORDER BY t.timestamp_ms, t.archive_offset
            """),
        new("twap(s, from_time, to_time)", "The average price of a symbol's trades, weighted by the time until the next trade.", $"""
            TABLE SELECT s AS symbol, sum(price * lasted) / sum(lasted) AS twap, count(*) AS trades FROM (
                SELECT price, lead(timestamp_ms, 1, {To}) OVER (ORDER BY {Order}) - timestamp_ms AS lasted FROM trades WHERE {InRange})
            """),
        new(
            "time_weighted_quotes(s, from_time, to_time)",
            "The average bid, ask, midpoint and spread of a symbol's quotes, weighted by the time until the next quote.",
            $"""
            TABLE SELECT s AS symbol, sum(bid * lasted) / sum(lasted) AS bid, sum(ask * lasted) / sum(lasted) AS ask,
                sum((bid + ask) / 2 * lasted) / sum(lasted) AS mid, sum((ask - bid) * lasted) / sum(lasted) AS spread, count(*) AS quotes
            FROM (SELECT bid, ask, lead(timestamp_ms, 1, {To}) OVER (ORDER BY {Order}) - timestamp_ms AS lasted
                FROM quotes WHERE {InRange} AND bid IS NOT NULL AND ask IS NOT NULL)
            """),
        new("bars_by_time(s, from_time, to_time, width)", "Bars of a symbol's trades, one per interval of width, such as '1 minute'.", $"""
            TABLE SELECT s AS symbol, time_bucket(width::INTERVAL, time) AS start,
                {Bar} FROM trades WHERE {InRange} GROUP BY ALL ORDER BY start
            """),
        new("bars_by_ticks(s, from_time, to_time, n)", "Bars of n trades each; the last may have fewer.", $"""
            TABLE SELECT s AS symbol, min(time) AS start, max(time) AS stop, {Bar} FROM (
                SELECT *, (row_number() OVER (ORDER BY {Order}) - 1) // n AS bar FROM trades WHERE {InRange})
            GROUP BY bar ORDER BY bar
            """),
        new("bars_by_volume(s, from_time, to_time, v)", "Bars of total size v each; a trade belongs to the bar in which it begins.", $"""
            TABLE SELECT s AS symbol, min(time) AS start, max(time) AS stop, {Bar} FROM (
                SELECT *, floor(coalesce(sum(size) OVER (ORDER BY {Order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) / v) AS bar
                FROM trades WHERE {InRange})
            GROUP BY bar ORDER BY bar
            """),
        new("quote_bars(s, from_time, to_time, width)", "Bars of the midpoint of a symbol's quotes.", $"""
            TABLE SELECT s AS symbol, time_bucket(width::INTERVAL, time) AS start,
                arg_min((bid + ask) / 2, (timestamp_ms, archive_offset)) AS open, max((bid + ask) / 2) AS high,
                min((bid + ask) / 2) AS low, arg_max((bid + ask) / 2, (timestamp_ms, archive_offset)) AS close,
                avg(ask - bid) AS spread, count(*) AS quotes
            FROM quotes WHERE {InRange} AND bid IS NOT NULL AND ask IS NOT NULL GROUP BY ALL ORDER BY start
            """),
        new(
            "realised_variance(s, from_time, to_time, width)",
            "The sum of the squared logarithmic returns between the closes of trade bars.",
            $"""
            TABLE SELECT s AS symbol, sum(r * r) AS variance, sqrt(sum(r * r)) AS volatility, count(r) AS returns FROM (
                SELECT ln(close / lag(close) OVER (ORDER BY start)) AS r FROM bars_by_time(s, from_time, to_time, width))
            """),
    ];

    /// <summary>The statement that creates a macro.</summary>
    internal static string Statement(LakeMacro macro) => $"CREATE MACRO {macro.Signature} AS {macro.Body}";
}
