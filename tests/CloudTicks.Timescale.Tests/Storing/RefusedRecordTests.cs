using System.Collections.Concurrent;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests.Storing;

public class RefusedRecordTests(PostgresFixture postgres)
{
    private readonly ConcurrentQueue<RefusedRecord> _letters = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damaged_record_is_handed_over_and_the_others_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();

        var result = await StoreAsync(store, TestRecords.Quotes(0, 1), TestRecords.Damaged(1), TestRecords.Quotes(2, 2));

        result.RefusedRecords.ShouldBe(1);
        result.NextOffset.ShouldBe(3);
        _letters.Select(letter => letter.Offset).ShouldBe([1]);
        (await database.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Record_cut_off_in_its_middle_leaves_none_of_its_ticks_and_spoils_no_repeat_of_them()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var whole = TestRecords.Quotes(0, [.. Enumerable.Range(0, 50)]).Value;
        // The last column's last bytes are said to be there, but the column ends early.
        var cut = CutLastColumn(whole.ToArray());

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 900), new ArchivedRecord(1, cut), TestRecords.Quotes(2, 0, 1, 2));

        _letters.Single().Reason.ShouldContain("ends before");
        (await database.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Record_of_another_partition_is_handed_over()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 9, TestRecords.FirstMs, 1));

        _letters.Single().Reason.ShouldBe("The record names partition 9, but stands in partition 3.");
    }

    [Fact]
    public async Task Ticks_that_no_feed_sends_are_left_out_and_their_siblings_stored()
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

        _letters.Single().Reason.ShouldBe(
            "4 of its 6 ticks cannot be stored; the first: tick 1 of XAUUSD is from before 1990 or after 2100.");
        (await database.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Record_that_the_database_refuses_is_found_and_spoils_neither_its_run_nor_other_partitions()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("ALTER TABLE market_ticks ADD CONSTRAINT no_13 CHECK (bid <> 1.00013)");
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, Writers = 1 });

        await Task.WhenAll(Enumerable.Range(0, 6).Select(partition => store.StoreAsync(
            TestRecords.Partition(partition),
            [.. Enumerable.Range(0, 5).Select(offset => TestRecords.Quotes(offset, partition, TestRecords.FirstMs, (partition * 5) + offset))],
            HandOver,
            Cancellation)));

        var letter = _letters.Single();
        letter.Offset.ShouldBe(3);
        letter.Reason.ShouldContain("no_13");
        (await database.CountAsync()).ShouldBe(29);
        (await database.QueryAsync<long>("SELECT count(*) FROM stream_offsets WHERE next_offset = 5")).ShouldBe(6);
    }

    [Fact]
    public async Task Offset_stays_when_the_record_cannot_be_handed_over()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        ArchivedRecord[] run = [TestRecords.Quotes(0, 1), TestRecords.Damaged(1)];

        await Should.ThrowAsync<IOException>(() => store.StoreAsync(
            TestRecords.Partition(), run, (_, _) => throw new IOException("no dead letters today"), Cancellation));

        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(0);
        await StoreAsync(store, run);
        _letters.Count.ShouldBe(1);
        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task Damaged_record_delivered_again_is_not_handed_over_again()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.Damaged(0));

        await StoreAsync(database.Store(), TestRecords.Damaged(0), TestRecords.Quotes(1, 1));

        _letters.Count.ShouldBe(1);
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

    /// <summary>Cuts the last byte of the last field off, which is a packed column of less than 128 bytes, and shortens its length.</summary>
    private static byte[] CutLastColumn(byte[] record)
    {
        // ask_scale: tag 23 << 3 | 2 is two bytes long, then one byte of length: 50.
        record[^51].ShouldBe((byte)50);
        record[^51] = 49;
        return record[..^1];
    }

    private Task HandOver(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            _letters.Enqueue(record);
        }

        return Task.CompletedTask;
    }

    private Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, HandOver, Cancellation);
}
