using CloudTicks.TestServices;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using static CloudTicks.Timescale.Tests.Queries.ReadingTestData;

namespace CloudTicks.Timescale.Tests.Queries;

public class TickHistoryTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_have_each_tick_once_despite_concurrent_writes()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        var history = new TickHistory(reading);
        await database.InsertQuotesAsync("A", "SELECT i * 10 FROM generate_series(0, 499) i");
        var times = new List<long>();
        TickCursor? cursor = null;

        for (var isFull = true; isFull;)
        {
            await using (var page = await history.OpenAsync(
                new TickRange { Symbol = "A", FromMs = 0, After = cursor, Limit = 50 }, Cancellation))
            {
                times.AddRange((await page.ReadAllAsync()).Select(tick => tick.TimestampMs - FirstMs));
                (cursor, isFull) = (page.Last, page.IsFull);
            }

            // One tick before the cursor, and one after it.
            await database.InsertQuotesAsync("A", $"VALUES ({times[^1] - 5}), ({times[^1] + 3})");
        }

        times.ShouldBeInOrder();
        times.ShouldBeUnique();
        times.Where(ms => ms % 10 == 0).ShouldBe(Enumerable.Range(0, 500).Select(number => number * 10L));
        times.Count(ms => ms % 10 == 3).ShouldBe(times.Count / 50);
        times.ShouldNotContain(ms => ms % 10 == 5);
    }

    [Fact]
    public async Task Ticks_of_one_millisecond_are_in_sequence_across_pages()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        await database.InsertAsync(
            "SELECT 'A', 7, 'trade', NULL::float8, NULL::float8, i::float8, 1::float8, 1000 - i, hashint8extended(i, 7) FROM "
                + "generate_series(0, 9) i");
        var sequences = new List<long?>();
        TickCursor? cursor = null;

        for (var pages = 0; pages < 4; pages++)
        {
            await using var page = await new TickHistory(reading).OpenAsync(
                new TickRange { Symbol = "A", FromMs = FirstMs, After = cursor, Limit = 3 }, Cancellation);
            page.IsFull.ShouldBe(pages < 3);
            sequences.AddRange((await page.ReadAllAsync()).Select(tick => tick.Sequence));
            cursor = page.Last;
        }

        sequences.ShouldBe(Enumerable.Range(991, 10).Select(number => (long?)number));
        TickCursor.TryParse(cursor!.Value.ToString(), out var same).ShouldBeTrue();
        same.ShouldBe(cursor.Value);
    }

    [Fact]
    public async Task Crossed_quotes_are_skipped_but_not_one_sided_ones()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        await database.InsertAsync(
            """
            VALUES ('A', 0, 'quote', 10.0::float8, 10.2::float8, NULL::float8, NULL::float8, NULL::bigint, 1::bigint),
                ('A', 1, 'quote', 10.3, 10.2, NULL, NULL, NULL, 2),
                ('A', 2, 'quote', 10.3, NULL, NULL, NULL, NULL, 3),
                ('A', 3, 'quote', 10.3, 0, NULL, NULL, NULL, 4),
                ('A', 4, 'trade', NULL, NULL, 10.2, 1, NULL, 5)
            """);

        await using var page = await new TickHistory(reading).OpenAsync(
            new TickRange { Symbol = "A", FromMs = 0, WithoutCrossed = true, Limit = 10 }, Cancellation);

        (await page.ReadAllAsync()).Select(tick => tick.TimestampMs - FirstMs).ShouldBe([0, 2, 3, 4]);
    }

    [Fact]
    public async Task Reading_connections_are_read_only_with_a_timeout()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var reading = new ReadingDatabase(database.ConnectionString);
        await using var connection = await reading.OpenAsync(Cancellation);

        await using var write = new Npgsql.NpgsqlCommand("DELETE FROM market_ticks", connection);
        await using var showTimeout = new Npgsql.NpgsqlCommand("SHOW statement_timeout", connection);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => write.ExecuteNonQueryAsync(Cancellation))).SqlState.ShouldBe("25006");
        (await showTimeout.ExecuteScalarAsync(Cancellation)).ShouldBe("20s");
    }
}
