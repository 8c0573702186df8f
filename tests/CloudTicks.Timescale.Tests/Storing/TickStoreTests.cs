using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

public class TickStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_of_a_trade_arrives_in_its_column()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.RecordOf(0, 3, TickSource.Backfill, Trade()));

        (await database.QueryAsync<string>("SELECT m::text FROM market_ticks m")).ShouldBe(
            "(BRK.A,1737993600000,stock,trade,backfill,,,,,700123.45,1.5,11,\"{12,-3}\",12345678901,52983525029461ü,"
            + $"{(long)TickIdentity.Of(Trade())},1737993600005)");
    }

    [Theory]
    [InlineData(TickFields.BidExchange | TickFields.AskExchange, "4")]
    [InlineData(TickFields.AskExchange, "7")]
    [InlineData(TickFields.Exchange | TickFields.BidExchange, "9")]
    [InlineData(TickFields.None, null)]
    public async Task Exchange_of_a_quote_falls_back_to_that_of_the_bid_or_the_ask(TickFields exchanges, string? expected)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.RecordOf(0, 3, TickSource.Live, OptionQuote(exchanges)));

        (await database.QueryAsync<string?>("SELECT exchange::text FROM market_ticks")).ShouldBe(expected);
        (await database.QueryAsync<string>(
            "SELECT market || ' ' || bid || ' ' || bid_size || ' ' || coalesce(ask::text, 'none') FROM market_ticks"))
            .ShouldBe("option 0.05 100 none");
    }

    [Fact]
    public async Task Ticks_of_several_hours_are_in_hourly_chunks()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        const int quotesAnHour = 36_000_000;

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 1, quotesAnHour, 2 * quotesAnHour));

        (await database.QueryAsync<long>(
            """
            SELECT count(*) FROM timescaledb_information.chunks
            WHERE hypertable_name = 'market_ticks' AND range_end_integer - range_start_integer = 3600000
            """)).ShouldBe(3);
    }

    [Fact]
    public async Task Documented_query_works()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var minuteAgo = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
        await StoreAsync(
            database.Store(), TestRecords.Quotes(0, 3, minuteAgo, 0, 3, 6, 1), TestRecords.Quotes(1, 3, minuteAgo - 7_200_000, 0));

        await using var command = database.Source.CreateCommand(
            "SELECT symbol, COUNT(*), MIN(timestamp_ms), MAX(timestamp_ms) FROM market_ticks "
            + "WHERE timestamp_ms > (EXTRACT(EPOCH FROM NOW()) * 1000 - 3600000) GROUP BY symbol");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var counts = new Dictionary<string, long>();
        while (await reader.ReadAsync(Cancellation))
        {
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        }

        counts.ShouldBe(new Dictionary<string, long> { ["EURUSD"] = 3, ["GBPUSD"] = 1 }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Wrong_clock_excludes_no_live_tick(int hours)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var now = TimeProvider.System.GetUtcNow();
        var options = new TimescaleOptions { RetentionWindow = TimeSpan.FromDays(3) };
        await StoreAsync(database.Store(options), TestRecords.Quotes(0, 3, now.ToUnixTimeMilliseconds(), 1, 2));

        var result = await StoreAsync(
            database.Store(options, new FixedTime(now.AddHours(hours))),
            TestRecords.Quotes(1, 3, now.AddMinutes(1).ToUnixTimeMilliseconds(), 3, 4, 5));

        result.ExpiredTicks.ShouldBe(0);
        (await database.CountAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Ticks_outside_the_window_are_counted_and_not_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var store = database.Store(new TimescaleOptions { RetentionWindow = TimeSpan.FromDays(3) });

        var result = await StoreAsync(
            store,
            TestRecords.Quotes(0, 3, now - (long)TimeSpan.FromDays(3.1).TotalMilliseconds, 1, 2),
            TestRecords.Quotes(1, 3, now - (long)TimeSpan.FromDays(2.9).TotalMilliseconds, 3, 4, 5));

        result.ExpiredTicks.ShouldBe(2);
        result.StoredTicks.ShouldBe(3);
        (await database.CountAsync()).ShouldBe(3);
        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task Changed_retention_window_applies_to_the_next_record()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var old = TimeProvider.System.GetUtcNow().AddDays(-5).ToUnixTimeMilliseconds();
        var options = new SettableOptions(new TimescaleOptions { RetentionWindow = TimeSpan.FromDays(3) });
        var store = database.Store(options);
        (await StoreAsync(store, TestRecords.Quotes(0, 3, old, 1, 2))).ExpiredTicks.ShouldBe(2);

        options.CurrentValue = options.CurrentValue with { RetentionWindow = TimeSpan.FromDays(7) };

        (await StoreAsync(store, TestRecords.Quotes(1, 3, old, 3, 4, 5))).StoredTicks.ShouldBe(3);
    }

    [Fact]
    public async Task Records_beyond_one_transaction_are_all_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, RowsPerPartition = 100 });
        var records = Enumerable.Range(0, 20).Select(offset => TestRecords.Quotes(offset, [.. Enumerable.Range(offset * 70, 70)]))
            .ToArray();

        var result = await StoreAsync(store, records);

        result.StoredTicks.ShouldBe(1400);
        result.NextOffset.ShouldBe(20);
        (await database.CountAsync()).ShouldBe(1400);
    }

    [Fact]
    public async Task Concurrent_partitions_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async partition =>
        {
            for (var offset = 0; offset < 10; offset++)
            {
                var record = TestRecords.Quotes(
                    offset, partition, TestRecords.FirstMs, [.. Enumerable.Range((partition * 1000) + (offset * 10), 10)]);
                await store.StoreAsync(TestRecords.Partition(partition), [record], TestRecords.NoneRefused, Cancellation);
            }
        }));

        (await database.CountAsync()).ShouldBe(3200);
        (await database.QueryAsync<long>("SELECT count(*) FROM stream_offsets WHERE consumer = 'timescale' AND next_offset = 10"))
            .ShouldBe(32);
    }

    [Fact]
    public async Task Cancelled_caller_stops_and_nothing_is_written()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await using var locker = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await locker.BeginTransactionAsync(Cancellation);
        await new NpgsqlCommand("LOCK TABLE market_ticks", locker).ExecuteNonQueryAsync(Cancellation);
        using var stop = new CancellationTokenSource();

        var storing = store.StoreAsync(TestRecords.Partition(), [TestRecords.Quotes(0, 1)], TestRecords.NoneRefused, stop.Token);
        await database.WaitForBlockedSessionAsync();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(storing);
        await transaction.RollbackAsync(Cancellation);
        (await database.CountAsync()).ShouldBe(0);
        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(0);
    }

    private static Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, TestRecords.NoneRefused, Cancellation);

    private static Tick Trade() => new()
    {
        Symbol = TestRecords.SymbolOf("BRK.A"),
        Kind = TickKind.Trade,
        Fields =
            TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.TradeId | TickFields.Conditions,
        TimestampMs = TestRecords.FirstMs,
        ReceivedMs = TestRecords.FirstMs + 5,
        Price = Price.Create(70_012_345, 2),
        Size = Price.Create(15, 1),
        Exchange = 11,
        Sequence = 12_345_678_901,
        TradeId = "52983525029461ü"u8,
        Conditions = [12, 70_000, -3],
    };

    private static Tick OptionQuote(TickFields exchanges) => new()
    {
        Symbol = TestRecords.SymbolOf("O:SPY251219C00650000"),
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.BidSize | exchanges,
        TimestampMs = TestRecords.FirstMs,
        ReceivedMs = TestRecords.FirstMs,
        Bid = Price.Create(5, 2),
        BidSize = Price.Create(100, 0),
        Exchange = 9,
        BidExchange = 4,
        AskExchange = 7,
    };
}
