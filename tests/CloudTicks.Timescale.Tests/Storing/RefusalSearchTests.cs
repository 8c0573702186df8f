using System.Collections.Concurrent;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

/// <summary>Tests with rows that the database refuses for various causes, and with failures that must refuse no row.</summary>
public class RefusalSearchTests(PostgresFixture postgres)
{
    private readonly ConcurrentQueue<RefusedRecord> _deadLetters = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Batch_of_refused_rows_leaves_no_row_and_no_chunk(bool hasChunk)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 3, hasChunk ? TestRecords.FirstMs : TestRecords.FirstMs - 7_200_000, 90_000));
        await database.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT never CHECK (bid > 1.8)");

        await StoreAsync(store, ConsecutiveRecords(1, 10, 1000));

        var letters = _deadLetters.ToList();
        letters.Select(letter => letter.Offset).ShouldBe(Enumerable.Range(1, 10).Select(offset => (long)offset));
        letters.SelectMany(Read).Select(tick => tick.Bid)
            .ShouldBe(Enumerable.Range(0, 10_000).Select(number => TestRecords.Quote(number).Bid.ToString()));
        (await database.CountAsync()).ShouldBe(1);
        (await database.QueryAsync<long>("SELECT count(*) FROM show_chunks('market_ticks')")).ShouldBe(1);
        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(11);
    }

    [Fact]
    public async Task Each_refused_row_has_its_own_reason()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            """
            ALTER TABLE market_ticks ADD CONSTRAINT not_3 CHECK (bid <> 1.00003), ADD CONSTRAINT not_5 CHECK (bid <> 1.00005);
            """ + Trigger(
                "IF NEW.bid = 1.00009 THEN RAISE EXCEPTION 'nine' USING ERRCODE = '22000'; ELSIF NEW.bid = 1.00700 THEN NEW.size := 10 ^ "
                    + "400; END IF"));

        await StoreAsync(database.Store(), ConsecutiveRecords(0, 1, 1000));

        _deadLetters.Select(letter => letter.Reason).ShouldBe(
        [
            Reason(3, "EURUSD", "23514: new row for relation \"market_ticks\" violates check constraint \"not_3\""),
            Reason(5, "XAUUSD", "23514: new row for relation \"market_ticks\" violates check constraint \"not_5\""),
            Reason(9, "EURUSD", "22000: nine"),
            Reason(700, "GBPUSD", "22003: value out of range: overflow"),
        ]);
        (await database.CountAsync()).ShouldBe(996);
    }

    [Fact]
    public async Task Values_that_a_changed_column_refuses_are_found()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            """
            CREATE DOMAIN some_symbol AS text CONSTRAINT not_gold CHECK (VALUE <> 'XAUUSD');
            GRANT USAGE ON TYPE some_symbol TO PUBLIC;
            ALTER TABLE market_ticks ALTER COLUMN symbol TYPE some_symbol;
            ALTER TABLE market_ticks ALTER COLUMN sequence SET NOT NULL;
            """);
        var builder = new TickBatchBuilder(3, TickSource.Live);
        for (var number = 0; number < 30; number++)
        {
            var quote = TestRecords.Quote(number);
            builder.Add(number < 15 ? quote with { Fields = quote.Fields | TickFields.Sequence, Sequence = number } : quote);
        }

        await StoreAsync(database.Store(), new ArchivedRecord(0, builder.ToRecord()));

        _deadLetters.Select(letter => (letter.Ticks, letter.Reason[letter.Reason.IndexOf('(', StringComparison.Ordinal)..])).ShouldBe(
        [
            (10, "(23514: value for domain some_symbol violates check constraint \"not_gold\")."),
            (10, "(23502: null value in column \"sequence\" of relation \"market_ticks\" violates not-null constraint)."),
        ]);
        (await database.CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task Rows_that_exclude_each_other_do_not_block_the_partition()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT one_a_moment UNIQUE (timestamp_ms, symbol)");

        await StoreAsync(database.Store(), ConsecutiveRecords(0, 2, 1000));

        // At each of 200 times there are ten quotes, of three symbols: one quote per symbol is stored.
        (await database.CountAsync()).ShouldBe(600);
        _deadLetters.Sum(letter => letter.Ticks).ShouldBe(1400);
        _deadLetters.ShouldAllBe(letter => letter.Reason.Contains("23505"));
    }

    [Theory]
    [InlineData("53100")]
    [InlineData("55P03")]
    [InlineData("40001")]
    [InlineData("53400")]
    [InlineData("XX000")]
    public async Task Temporary_error_refuses_no_rows(string sqlState)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            "ALTER TABLE market_ticks ADD CONSTRAINT not_3 CHECK (bid <> 1.00003);"
                + Trigger($"IF NEW.bid = 1.00700 THEN RAISE EXCEPTION 'for now' USING ERRCODE = '{sqlState}'; END IF"));
        var store = database.Store();

        (await Should.ThrowAsync<PostgresException>(() => StoreAsync(store, ConsecutiveRecords(0, 1, 1000)))).SqlState.ShouldBe(sqlState);
        _deadLetters.ShouldBeEmpty();
        (await database.CountAsync()).ShouldBe(0);

        await database.ExecuteAsync("DROP TRIGGER meddle ON market_ticks");
        await StoreAsync(store, ConsecutiveRecords(0, 1, 1000));
        _deadLetters.Single().Ticks.ShouldBe(1);
        (await database.CountAsync()).ShouldBe(999);
    }

    [Fact]
    public async Task Killed_search_loses_and_refuses_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            "ALTER TABLE market_ticks ADD CONSTRAINT not_3 CHECK (bid <> 1.00003);"
                + Trigger("IF NEW.bid = 1.00700 THEN PERFORM pg_advisory_xact_lock(1); END IF"));
        var store = database.Store();
        await using (var lockingConnection = await database.Source.OpenConnectionAsync(Cancellation))
        {
            await using var lockCommand = new NpgsqlCommand("SELECT pg_advisory_lock(1)", lockingConnection);
            await lockCommand.ExecuteNonQueryAsync(Cancellation);
            var storing = StoreAsync(store, ConsecutiveRecords(0, 1, 1000));
            var searching = await database.WaitForBlockedSessionAsync();
            await database.ExecuteAsync($"SELECT pg_terminate_backend({searching})");
            await Should.ThrowAsync<NpgsqlException>(storing);
            await using var unlockCommand = new NpgsqlCommand("SELECT pg_advisory_unlock(1)", lockingConnection);
            await unlockCommand.ExecuteNonQueryAsync(Cancellation);
        }

        _deadLetters.ShouldBeEmpty();
        (await database.CountAsync()).ShouldBe(0);
        await StoreAsync(store, ConsecutiveRecords(0, 1, 1000));
        _deadLetters.Single().Ticks.ShouldBe(1);
        (await database.CountAsync()).ShouldBe(999);
    }

    private static string Reason(int index, string symbol, string text) =>
        $"1 of its 1000 ticks cannot be stored; the first: tick {index} of {symbol} is refused by the database ({text}).";

    private static string Trigger(string statement) =>
        $"""
        CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NEW; END $$;
        CREATE TRIGGER meddle BEFORE INSERT ON market_ticks FOR EACH ROW EXECUTE FUNCTION meddle();
        """;

    private static ArchivedRecord[] ConsecutiveRecords(int firstOffset, int records, int ticks) =>
        [.. Enumerable.Range(0, records)
            .Select(record => TestRecords.Quotes(firstOffset + record, [.. Enumerable.Range(record * ticks, ticks)]))];

    private static List<(string Symbol, string Bid)> Read(RefusedRecord letter)
    {
        var (ticks, reader) = (new List<(string, string)>(), new TickBatchReader(new SymbolDictionary()));
        var tick = default(Tick);
        reader.Open(letter.Value);
        while (reader.TryRead(ref tick))
        {
            ticks.Add((tick.Symbol.Name, tick.Bid.ToString()));
        }

        return ticks;
    }

    private Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) => store.StoreAsync(
        TestRecords.Partition(),
        records,
        (refused, _) =>
        {
            foreach (var record in refused)
            {
                _deadLetters.Enqueue(record);
            }

            return Task.CompletedTask;
        },
        Cancellation);
}
