using CloudTicks.TestServices;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Timescale.Tests.Queries;

/// <summary>Rows for tests of queries.</summary>
internal static class ReadingTestData
{
    /// <summary>2025-01-27 16:00 UTC, the beginning of a chunk.</summary>
    public const long FirstMs = TestRecords.FirstMs;

    public const long HourMs = 3_600_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A stopped clock. Queries take no time on it, so <see cref="SymbolCounts"/> does not cache its result.</summary>
    public static TestTime Time => new(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs + (3 * HourMs)));

    /// <summary>
    /// Inserts rows (symbol, ms after the first, kind, bid, ask, price, size, sequence, hash) and flushes the server's statistics.
    /// </summary>
    public static Task InsertAsync(this TestDatabase database, string rows) => database.ExecuteAsync(
        $"""
        INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, price, size, sequence, tick_hash, received_ms)
        SELECT symbol, {FirstMs} + ms, 'stock', kind::tick_kind, 'live', bid, ask, price, size, sequence, hash, 0
        FROM ({rows}) AS tick (symbol, ms, kind, bid, ask, price, size, sequence, hash);
        SELECT pg_stat_force_next_flush();
        """);

    /// <summary>Inserts a quote of a symbol for each time.</summary>
    public static Task InsertQuotesAsync(this TestDatabase database, string symbol, string times) => database.InsertAsync(
        $"SELECT '{symbol}', ms, 'quote', 1.1::float8, 1.2::float8, NULL::float8, NULL::float8, NULL::bigint, hashint8extended(ms, 7) FROM "
            + $"({times}) t (ms)");

    public static async Task<List<MarketTick>> ReadAllAsync(this TickPage page)
    {
        var ticks = new List<MarketTick>();
        await foreach (var tick in page.ReadAsync(Cancellation))
        {
            ticks.Add(tick);
        }

        return ticks;
    }
}
