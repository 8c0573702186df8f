using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using static CloudTicks.Timescale.Tests.Queries.ReadingTestData;

namespace CloudTicks.Timescale.Tests.Queries;

public class CandleHistoryTests(PostgresFixture postgres)
{
    private const long Minute = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Candles_have_the_first_highest_lowest_and_last_price_with_volume_and_spread()
    {
        await using var database = await StoredAsync();
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        var mid = await history.ReadAsync("A", TickKind.Quote, Minute, FirstMs, FirstMs + Hour, withoutCrossed: false, Cancellation);
        var trades = await history.ReadAsync("A", TickKind.Trade, Minute, FirstMs, FirstMs + Hour, withoutCrossed: false, Cancellation);

        // Within one millisecond the sequence tells which was last; a quote with one side has no middle, and the second minute no tick.
        mid.ShouldBe(
        [
            new Candle(FirstMs, 10.1, 10.3, 9.9, 10.2, 40, 4, 0.2),
            new Candle(FirstMs + (2 * Minute), 11.1, 11.1, 11.1, 11.1, null, 1, 0.2),
        ]);
        trades.ShouldBe([new Candle(FirstMs, 10.05, 10.25, 10.05, 10.25, 40, 2, 0.2)]);
    }

    [Fact]
    public async Task Candles_of_other_lengths_begin_at_multiples_of_them_and_within_the_range()
    {
        await using var database = await StoredAsync();
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        (await history.ReadAsync("A", TickKind.Quote, Hour, FirstMs, FirstMs + Hour, withoutCrossed: false, Cancellation))
            .ShouldHaveSingleItem()
            .ShouldBe(new Candle(FirstMs, 10.1, 11.1, 9.9, 11.1, 40, 5, 0.2));
        (await history.ReadAsync("A", TickKind.Quote, 1_000, FirstMs, FirstMs + Minute, withoutCrossed: false, Cancellation))
            .Select(candle => candle.TimestampMs - FirstMs).ShouldBe([0L, 30_000]);
        (await history.ReadAsync("B", TickKind.Quote, Minute, FirstMs, FirstMs + Hour, withoutCrossed: false, Cancellation))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Candles_count_crossed_quotes_unless_they_are_left_out()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.InsertAsync(
            """
            VALUES ('A', 0, 'quote', 10.0::float8, 10.2::float8, NULL::float8, NULL::float8, NULL::bigint, 1::bigint),
                ('A', 1, 'quote', 10.6, 10.4, NULL, NULL, NULL, 2)
            """);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        (await history.ReadAsync("A", TickKind.Quote, Hour, FirstMs, FirstMs + Hour, withoutCrossed: false, Cancellation))
            .ShouldBe([new Candle(FirstMs, 10.1, 10.5, 10.1, 10.5, null, 2, 0)]);
        (await history.ReadAsync("A", TickKind.Quote, Hour, FirstMs, FirstMs + Hour, withoutCrossed: true, Cancellation))
            .ShouldBe([new Candle(FirstMs, 10.1, 10.1, 10.1, 10.1, null, 1, 0.2)]);
    }

    private async Task<TestDatabase> StoredAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.InsertAsync(
            """
            VALUES ('A', 0, 'quote', 10.0::float8, 10.2::float8, NULL::float8, NULL::float8, 1::bigint, 50::bigint),
                ('A', 100, 'quote', 9.8, 10.0, NULL, NULL, 2, 2),
                ('A', 30000, 'quote', 10.1, 10.3, NULL, NULL, 4, 3),
                ('A', 30000, 'quote', 10.2, 10.4, NULL, NULL, 3, 99),
                ('A', 30500, 'quote', 10.2, NULL, NULL, NULL, 5, 5),
                ('A', 31000, 'trade', NULL, NULL, 10.05, 15, 6, 6),
                ('A', 31001, 'trade', NULL, NULL, 10.25, 25, 7, 7),
                ('A', 120000, 'quote', 11.0, 11.2, NULL, NULL, 8, 8)
            """);
        return database;
    }
}
