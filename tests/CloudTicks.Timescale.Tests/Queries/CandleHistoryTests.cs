using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using static CloudTicks.Timescale.Tests.Queries.ReadingTestData;

namespace CloudTicks.Timescale.Tests.Queries;

public class CandleHistoryTests(PostgresFixture postgres)
{
    private const long MinuteMs = 60_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Candles_have_open_high_low_close_volume_and_spread()
    {
        await using var database = await CreateFilledDatabaseAsync();
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        var mid = await history.ReadAsync("A", TickKind.Quote, MinuteMs, FirstMs, FirstMs + HourMs, withoutCrossed: false, Cancellation);
        var trades = await history.ReadAsync("A", TickKind.Trade, MinuteMs, FirstMs, FirstMs + HourMs, withoutCrossed: false, Cancellation);

        // The sequence orders ticks of one millisecond; a one-sided quote has no mid price; the second minute has no tick.
        mid.ShouldBe(
        [
            new Candle(FirstMs, 10.1, 10.3, 9.9, 10.2, 40, 4, 0.2),
            new Candle(FirstMs + (2 * MinuteMs), 11.1, 11.1, 11.1, 11.1, null, 1, 0.2),
        ]);
        trades.ShouldBe([new Candle(FirstMs, 10.05, 10.25, 10.05, 10.25, 40, 2, 0.2)]);
    }

    [Fact]
    public async Task Candles_begin_at_multiples_of_their_length()
    {
        await using var database = await CreateFilledDatabaseAsync();
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        (await history.ReadAsync("A", TickKind.Quote, HourMs, FirstMs, FirstMs + HourMs, withoutCrossed: false, Cancellation))
            .ShouldHaveSingleItem()
            .ShouldBe(new Candle(FirstMs, 10.1, 11.1, 9.9, 11.1, 40, 5, 0.2));
        (await history.ReadAsync("A", TickKind.Quote, 1_000, FirstMs, FirstMs + MinuteMs, withoutCrossed: false, Cancellation))
            .Select(candle => candle.TimestampMs - FirstMs).ShouldBe([0L, 30_000]);
        (await history.ReadAsync("B", TickKind.Quote, MinuteMs, FirstMs, FirstMs + HourMs, withoutCrossed: false, Cancellation))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Candles_include_crossed_quotes_unless_skipped()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.InsertAsync(
            """
            VALUES ('A', 0, 'quote', 10.0::float8, 10.2::float8, NULL::float8, NULL::float8, NULL::bigint, 1::bigint),
                ('A', 1, 'quote', 10.6, 10.4, NULL, NULL, NULL, 2)
            """);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new CandleHistory(reading);

        (await history.ReadAsync("A", TickKind.Quote, HourMs, FirstMs, FirstMs + HourMs, withoutCrossed: false, Cancellation))
            .ShouldBe([new Candle(FirstMs, 10.1, 10.5, 10.1, 10.5, null, 2, 0)]);
        (await history.ReadAsync("A", TickKind.Quote, HourMs, FirstMs, FirstMs + HourMs, withoutCrossed: true, Cancellation))
            .ShouldBe([new Candle(FirstMs, 10.1, 10.1, 10.1, 10.1, null, 1, 0.2)]);
    }

    private async Task<TestDatabase> CreateFilledDatabaseAsync()
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
