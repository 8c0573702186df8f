using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using static CloudTicks.Timescale.Tests.Queries.ReadingTestData;

namespace CloudTicks.Timescale.Tests.Queries;

public class OpeningTicksTests(PostgresFixture postgres)
{
    /// <summary>Midnight UTC, relative to <see cref="FirstMs"/>.</summary>
    private const long MidnightMs = -16 * HourMs;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opening_ticks_are_the_first_ticks_since_midnight()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        using var openingTicks = new OpeningTicks(reading, counts);
        await database.InsertQuotesAsync("A", $"VALUES ({MidnightMs} - 1), ({MidnightMs}), ({MidnightMs} + 1), (5)");
        await database.InsertQuotesAsync("LATE", $"VALUES ({MidnightMs} - 5), (7), (9)");
        await database.InsertQuotesAsync("YESTERDAY", $"VALUES ({MidnightMs} - 1)");
        await database.InsertAsync(
            """
            VALUES ('T', 3, 'trade', NULL::float8, NULL::float8, 5.5::float8, 1::float8, 2::bigint, 1::bigint),
                   ('T', 3, 'trade', NULL, NULL, 5.25, 1, 1, 9), ('T', 4, 'trade', NULL, NULL, 6, 1, 3, 8)
            """);

        var quotes = await openingTicks.ReadAsync(TickKind.Quote, Cancellation);
        var trades = await openingTicks.ReadAsync(TickKind.Trade, Cancellation);

        quotes.Ticks.Select(tick => (tick.Symbol, tick.TimestampMs - FirstMs)).ShouldBe([("A", MidnightMs), ("LATE", 7L)]);
        trades.Ticks.ShouldHaveSingleItem().Price.ShouldBe(5.25);
    }

    [Fact]
    public async Task Late_opening_tick_replaces_the_previous_one()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var time = Time;
        using var counts = new SymbolCounts(reading, time);
        using var openingTicks = new OpeningTicks(reading, counts);
        await database.InsertQuotesAsync("A", "VALUES (5)");
        await database.InsertQuotesAsync("B", "VALUES (6)");
        (await openingTicks.ReadAsync(TickKind.Quote, Cancellation)).Ticks.Count.ShouldBe(2);

        await database.InsertQuotesAsync("A", "VALUES (2)");
        while ((await openingTicks.ReadAsync(TickKind.Quote, Cancellation)).Ticks[0].TimestampMs != FirstMs + 2)
        {
            // The server may update its statistics with a delay of some seconds.
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    [Fact]
    public async Task Table_without_ticks_today_has_no_opening_ticks()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        using var counts = new SymbolCounts(reading, Time);
        using var openingTicks = new OpeningTicks(reading, counts);
        await database.InsertQuotesAsync("A", $"VALUES ({MidnightMs} - 1)");

        (await openingTicks.ReadAsync(TickKind.Quote, Cancellation)).Ticks.ShouldBeEmpty();
    }
}
