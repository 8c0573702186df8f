using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using static CloudTicks.Timescale.Tests.Queries.ReadingTestData;

namespace CloudTicks.Timescale.Tests.Queries;

public class SymbolCountsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_include_late_ticks()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        await database.InsertQuotesAsync("A", $"SELECT i * 1000 FROM generate_series(0, 7199) i");
        await database.InsertQuotesAsync("B", $"VALUES (5), ({2 * HourMs})");

        (await counts.ReadAsync(Cancellation)).Symbols.ShouldBe(
            [new SymbolSummary("A", 7200, FirstMs, FirstMs + 7_199_000), new SymbolSummary("B", 2, FirstMs + 5, FirstMs + (2 * HourMs))]);

        // Insert first into the last hour, like a live feed, then into the settled first hour, and finally a new symbol.
        await database.InsertQuotesAsync("A", $"VALUES ({(2 * HourMs) + 1})");
        (await counts.ReadAsync(Cancellation)).Symbols[0].ShouldBe(new SymbolSummary("A", 7201, FirstMs, FirstMs + (2 * HourMs) + 1));

        await database.InsertQuotesAsync("A", "VALUES (1), (2)");
        await database.InsertQuotesAsync("C", "VALUES (3)");
        await UntilAsync(
            counts, symbols => symbols is [{ Symbol: "A", Count: 7203 }, { Symbol: "B", Count: 2 }, { Symbol: "C", Count: 1 }]);
    }

    [Fact]
    public async Task Symbol_of_a_dropped_chunk_disappears()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        await database.InsertQuotesAsync("OLD", "VALUES (1)");
        await database.InsertQuotesAsync("NEW", $"VALUES ({HourMs})");
        (await counts.ReadAsync(Cancellation)).Symbols.Count.ShouldBe(2);

        await database.ExecuteAsync($"SELECT drop_chunks('market_ticks', older_than => {FirstMs + HourMs})");

        (await counts.ReadAsync(Cancellation)).Symbols.ShouldHaveSingleItem().Symbol.ShouldBe("NEW");
    }

    [Fact]
    public async Task Latest_ticks_include_long_silent_symbols()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        using var latest = new LatestTicks(reading, counts, Time);
        await database.InsertQuotesAsync("SILENT", "VALUES (1), (2)");
        await database.InsertQuotesAsync("A", $"SELECT {HourMs} + i FROM generate_series(0, 11999) i");
        await database.InsertAsync(
            $"SELECT 'T', {HourMs} + 12000, 'trade', NULL::float8, NULL::float8, 5.5::float8, 1::float8, 1::bigint, 9::bigint");

        var before = await latest.ReadAsync(TickKind.Quote, Cancellation);
        await database.InsertQuotesAsync("A", $"VALUES ({HourMs} + 13000)");
        await database.InsertQuotesAsync("SILENT", $"VALUES ({HourMs} + 14000)");
        var after = await latest.ReadAsync(TickKind.Quote, Cancellation);

        before.Select(tick => (tick.Symbol, tick.TimestampMs - FirstMs)).ShouldBe([("A", HourMs + 11_999), ("SILENT", 2L)]);
        after.Select(tick => (tick.Symbol, tick.TimestampMs - FirstMs)).ShouldBe([("A", HourMs + 13_000), ("SILENT", HourMs + 14_000)]);
        (await latest.ReadAsync(TickKind.Trade, Cancellation)).ShouldHaveSingleItem().Price.ShouldBe(5.5);
        (await latest.ReadAsync("SILENT", TickKind.Quote, Cancellation))!.TimestampMs.ShouldBe(FirstMs + HourMs + 14_000);
        (await latest.ReadAsync("A", TickKind.Trade, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Latest_tick_of_a_long_silent_symbol_is_found()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        using var latest = new LatestTicks(reading, counts, Time);
        await database.InsertQuotesAsync("SILENT", "VALUES (1), (2)");
        await database.InsertQuotesAsync("A", $"SELECT {HourMs} + i FROM generate_series(0, 11999) i");

        (await latest.ReadAsync("SILENT", TickKind.Quote, Cancellation))!.TimestampMs.ShouldBe(FirstMs + 2);
        (await latest.ReadAsync("A", TickKind.Quote, Cancellation))!.TimestampMs.ShouldBe(FirstMs + HourMs + 11_999);
        (await latest.ReadAsync("NONE", TickKind.Quote, Cancellation)).ShouldBeNull();
    }

    /// <summary>Waits until the counts satisfy a condition: the server may update its statistics with a delay of some seconds.</summary>
    private static async Task UntilAsync(SymbolCounts counts, Func<IReadOnlyList<SymbolSummary>, bool> condition)
    {
        while (!condition((await counts.ReadAsync(Cancellation)).Symbols))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
