using System.Collections.Concurrent;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

public class RefusedRecordTests(PostgresFixture postgres)
{
    private readonly ConcurrentQueue<RefusedRecord> _deadLetters = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damaged_record_is_refused_and_others_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();

        var result = await StoreAsync(store, TestRecords.Quotes(0, 1), TestRecords.Damaged(1), TestRecords.Quotes(2, 2));

        result.RefusedRecords.ShouldBe(1);
        result.NextOffset.ShouldBe(3);
        _deadLetters.Select(letter => letter.Offset).ShouldBe([1]);
        (await database.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Truncated_record_leaves_no_ticks_and_no_repeats()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var whole = TestRecords.Quotes(0, [.. Enumerable.Range(0, 50)]).Value;
        // The last column has fewer entries than the record has ticks.
        var cut = CutLastColumn(whole.ToArray());

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 900), new ArchivedRecord(1, cut), TestRecords.Quotes(2, 0, 1, 2));

        _deadLetters.Single().Reason.ShouldContain("too short");
        (await database.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Record_of_another_partition_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 9, TestRecords.FirstMs, 1));

        _deadLetters.Single().Reason.ShouldBe("The record names partition 9, but is in partition 3.");
    }

    [Fact]
    public async Task Impossible_ticks_are_refused_and_others_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var builder = new TickBatchBuilder(3, TickSource.Live);
        builder.Add(TestRecords.Quote(1));
        builder.Add(TestRecords.Quote(2, firstMs: long.MaxValue - 1000));
        builder.Add(Trade("C:EURUSD", "1"u8));
        builder.Add(Trade("AAPL", "a\0b"u8));
        builder.Add(Trade("AAPL", [0xC3, 0x28]));
        builder.Add(TestRecords.Quote(3));

        await StoreAsync(database.Store(), new ArchivedRecord(0, builder.ToRecord()));

        _deadLetters.Select(letter => letter.Reason).ShouldBe(
        [
            "1 of its 6 ticks cannot be stored; the first: tick 1 of XAUUSD has a time before 1990 or after 2099.",
            "1 of its 6 ticks cannot be stored; the first: tick 2 of EURUSD is a Trade of market Forex, which no feed sends.",
            "2 of its 6 ticks cannot be stored; the first: tick 3 of AAPL has a trade id that is not valid text.",
        ]);
        _deadLetters.SelectMany(letter => Read(letter)).Select(tick => tick.Symbol).ShouldBe(["XAUUSD", "EURUSD", "AAPL", "AAPL"]);
        (await database.CountAsync()).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_rows_are_found_among_thousands(
        bool likelyRepeats)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        if (likelyRepeats)
        {
            // After a repeat the store expects further repeats, and uses the staging table immediately.
            await database.Store().StoreAsync(
                TestRecords.Partition(stream: "kafka:before"), [TestRecords.Quotes(0, 1)], TestRecords.NoneRefused, Cancellation);
        }

        await StoreAsync(store, TestRecords.Quotes(0, 1));
        await database.ExecuteAsync(
            "ALTER TABLE market_ticks ADD CONSTRAINT none_of_these CHECK (bid NOT IN (1.00007, 1.02500, 1.02501, 1.04999))");
        ArchivedRecord[] run =
            [.. Enumerable.Range(0, 5).Select(record => TestRecords.Quotes(10 + record, [.. Enumerable.Range(record * 1000, 1000), 7]))];

        var result = await store.StoreAsync(TestRecords.Partition(), run, HandOver, Cancellation, emptyFrom: 1);

        result.NextOffset.ShouldBe(15);
        result.RefusedTicks.ShouldBe(9);
        (await database.CountAsync()).ShouldBe(5000 - 4);
        _deadLetters.SelectMany(letter => Read(letter)).Select(tick => tick.Bid).Distinct().ShouldBe(
            ["1.00007", "1.025", "1.02501", "1.04999"], ignoreOrder: true);
        _deadLetters.Select(letter => letter.Offset).ShouldBe([10, 11, 12, 13, 14]);
        _deadLetters.First().Reason.ShouldBe(
            "2 of its 1001 ticks cannot be stored; the first: tick 7 of GBPUSD is refused by the database " +
            "(23514: new row for relation \"market_ticks\" violates check constraint \"none_of_these\").");
    }

    [Fact]
    public async Task Records_refused_as_a_whole_do_not_block_the_partition()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT never CHECK (bid < 1)");
        var store = database.Store();

        await StoreAsync(store, TestRecords.Quotes(0, 0, 1, 2, 3), TestRecords.Quotes(1, 4, 5, 6, 7));
        await database.ExecuteAsync("ALTER TABLE market_ticks DROP CONSTRAINT never");
        await StoreAsync(store, TestRecords.Quotes(2, 6, 7, 8, 9));

        _deadLetters.Count.ShouldBe(2);
        _deadLetters.SelectMany(letter => Read(letter)).Count().ShouldBe(8);
        // Ticks 6 and 7, which were refused at first, do not count as repeats.
        (await database.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Fault_outside_the_rows_refuses_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE stream_offsets ADD CONSTRAINT stuck CHECK (next_offset = 0)");
        var store = database.Store();

        var refused = await Should.ThrowAsync<PostgresException>(() => StoreAsync(store, TestRecords.Quotes(0, 1, 2)));

        refused.ConstraintName.ShouldBe("stuck");
        _deadLetters.ShouldBeEmpty();
        await database.ExecuteAsync("ALTER TABLE stream_offsets DROP CONSTRAINT stuck");
        (await StoreAsync(store, TestRecords.Quotes(0, 1, 2))).StoredTicks.ShouldBe(2);
    }

    [Fact]
    public async Task Refused_gap_does_not_affect_other_records()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE feed_gaps ADD CONSTRAINT not_this CHECK (from_ms <> 2000)");

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 1, 2), Gap(1, 1000), Gap(2, 2000), Gap(3, 3000), TestRecords.Quotes(4, 3));

        var letter = _deadLetters.Single();
        letter.Offset.ShouldBe(2);
        letter.Reason.ShouldContain("not_this");
        letter.Value.ToArray().ShouldBe(Gap(2, 2000).Value.ToArray());
        (await database.CountAsync()).ShouldBe(3);
        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(2);
    }

    [Fact]
    public async Task Refused_record_does_not_affect_other_records()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT no_13 CHECK (bid <> 1.00013)");
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, Writers = 1 });

        await Task.WhenAll(Enumerable.Range(0, 6).Select(partition => store.StoreAsync(
            TestRecords.Partition(partition),
            [.. Enumerable.Range(0, 5)
                .Select(offset => TestRecords.Quotes(offset, partition, TestRecords.FirstMs, (partition * 5) + offset))],
            HandOver,
            Cancellation)));

        var letter = _deadLetters.Single();
        letter.Offset.ShouldBe(3);
        letter.Reason.ShouldContain("no_13");
        (await database.CountAsync()).ShouldBe(29);
        (await database.QueryAsync<long>("SELECT count(*) FROM stream_offsets WHERE next_offset = 5")).ShouldBe(6);
    }

    [Fact]
    public async Task Offset_stays_when_the_handler_fails()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        ArchivedRecord[] run = [TestRecords.Quotes(0, 1), TestRecords.Damaged(1)];

        await Should.ThrowAsync<IOException>(() => store.StoreAsync(
            TestRecords.Partition(), run, (_, _) => throw new IOException("no dead letters today"), Cancellation));

        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(0);
        await StoreAsync(store, run);
        _deadLetters.Count.ShouldBe(1);
        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task Redelivered_damaged_record_is_refused_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.Damaged(0));

        await StoreAsync(database.Store(), TestRecords.Damaged(0), TestRecords.Quotes(1, 1));

        _deadLetters.Count.ShouldBe(1);
    }

    private static ArchivedRecord Gap(long offset, long fromMs) => new(offset, GapRecord.Write(new FeedGap(
        new Guid((int)offset, 0, 0, new byte[8]), TestRecords.SymbolOf("EURUSD"), TickKind.Quote, fromMs, null, "cut", "test",
        GapState.Open, 0, null, 1)));

    private static List<(string Symbol, string Bid)> Read(RefusedRecord letter)
    {
        var (ticks, reader) = (new List<(string, string)>(), new TickBatchReader(new SymbolDictionary()));
        var tick = default(Tick);
        reader.Open(letter.Value);
        reader.Source.ShouldBe(TickSource.Live);
        while (reader.TryRead(ref tick))
        {
            ticks.Add((tick.Symbol.Name, tick.Bid.ToString()));
        }

        ticks.Count.ShouldBe(letter.Ticks);
        return ticks;
    }

    private static Tick Trade(string symbol, ReadOnlySpan<byte> id)
    {
        Symbol.TryParse(symbol, out var parsed).ShouldBeTrue();
        return new Tick
        {
            Symbol = parsed!,
            Kind = TickKind.Trade,
            Fields = TickFields.Price | TickFields.TradeId,
            TimestampMs = TestRecords.FirstMs,
            Price = Price.Create(1, 0),
            TradeId = id,
        };
    }

    /// <summary>
    /// Removes the last byte of the last field, a packed column of less than 128 bytes, and decrements the field's length.
    /// </summary>
    private static byte[] CutLastColumn(byte[] record)
    {
        // ask_scale: the tag 23 << 3 | 2 has two bytes, the length 50 one byte.
        record[^51].ShouldBe((byte)50);
        record[^51] = 49;
        return record[..^1];
    }

    private Task HandOver(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            _deadLetters.Enqueue(record);
        }

        return Task.CompletedTask;
    }

    private Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, HandOver, Cancellation);
}
