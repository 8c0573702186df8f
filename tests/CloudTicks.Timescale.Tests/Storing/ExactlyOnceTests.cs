using CloudTicks.TestServices;
using CloudTicks.Timescale.Storing;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

public class ExactlyOnceTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_delivered_again_is_skipped()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1, 2, 3));

        var result = await StoreAsync(store, TestRecords.Quotes(0, 1, 2, 3));

        result.SkippedRecords.ShouldBe(1);
        result.StoredTicks.ShouldBe(0);
        result.NextOffset.ShouldBe(1);
        (await database.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Record_below_the_offset_is_skipped()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.Quotes(0, 1), TestRecords.Quotes(1, 2));

        await StoreAsync(database.Store(), TestRecords.Quotes(0, 99), TestRecords.Quotes(1, 98), TestRecords.Quotes(2, 3));

        (await database.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Overlapping_deliveries_are_stored_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1), TestRecords.Quotes(1, 2), TestRecords.Quotes(2, 3));

        var result = await StoreAsync(
            store, TestRecords.Quotes(1, 2), TestRecords.Quotes(2, 3), TestRecords.Quotes(3, 4), TestRecords.Quotes(4, 5));

        result.SkippedRecords.ShouldBe(2);
        result.StoredTicks.ShouldBe(2);
        (await database.CountAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Repeats_within_and_between_records_are_one_row()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();

        var first = await StoreAsync(store, TestRecords.Quotes(0, 1, 2, 1), TestRecords.Quotes(1, 2, 3));
        var second = await StoreAsync(store, TestRecords.Quotes(2, 3, 4, 1));

        first.RepeatedTicks.ShouldBe(2);
        second.RepeatedTicks.ShouldBe(2);
        (await database.CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Repeats_across_a_restart_are_one_row()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.Quotes(0, 1, 2, 3));

        var result = await StoreAsync(database.Store(), TestRecords.Quotes(1, 3, 4, 5), TestRecords.Quotes(2, 1, 6));

        result.StoredTicks.ShouldBe(3);
        result.RepeatedTicks.ShouldBe(2);
        (await database.CountAsync()).ShouldBe(6);
    }

    [Fact]
    public async Task Repeat_in_one_partition_does_not_block_the_others()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), TestRecords.Quotes(0, 1, 2, 3));
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, Writers = 1 });

        // All calls wait for the lock, so that those after the first call share a transaction.
        var results = await WhileLockedAsync(database, () => Enumerable.Range(0, 8).Select(partition => store.StoreAsync(
            TestRecords.Partition(partition, "kafka:test:2"),
            [TestRecords.Quotes(0, partition, TestRecords.FirstMs, partition == 5 ? [1, 2, 3, 50] : [100 + partition])],
            TestRecords.NoneRefused,
            Cancellation)));

        results.Sum(result => result.StoredTicks).ShouldBe(8);
        results.Sum(result => result.RepeatedTicks).ShouldBe(3);
        (await database.CountAsync()).ShouldBe(11);
    }

    [Fact]
    public async Task Another_stream_of_the_same_name_has_its_own_offsets()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1, 2));

        var result = await store.StoreAsync(
            TestRecords.Partition(stream: "kafka:test:2"), [TestRecords.Quotes(0, 2, 3)], TestRecords.NoneRefused, Cancellation);

        result.StoredTicks.ShouldBe(1);
        (await database.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Competing_stores_write_each_tick_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var records = Enumerable.Range(0, 200).Select(offset => TestRecords.Quotes(offset, [.. Enumerable.Range(offset * 5, 5)])).ToArray();

        var storedCounts = await Task.WhenAll(Enumerable.Range(0, 3).Select(async writer =>
        {
            var store = database.Store();
            var (total, next) = (0L, 0);
            while (next < records.Length)
            {
                var run = records.AsSpan(next, Math.Min(1 + writer, records.Length - next)).ToArray();
                var result = await StoreAsync(store, run);
                total += result.StoredTicks;
                next = (int)result.NextOffset;
            }

            return total;
        }));

        storedCounts.Sum().ShouldBe(1000);
        (await database.CountAsync()).ShouldBe(1000);
    }

    [Fact]
    public async Task Missing_records_throw_and_nothing_is_written()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1));

        var missing = await Should.ThrowAsync<MissingRecordsException>(() => StoreAsync(store, TestRecords.Quotes(5, 2)));

        (missing.NextOffset, missing.FirstOffset).ShouldBe((1, 5));
        (await database.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Confirmed_hole_of_the_stream_is_skipped()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1));

        await store.StoreAsync(TestRecords.Partition(), [TestRecords.Quotes(5, 2)], TestRecords.NoneRefused, Cancellation, emptyFrom: 1);

        (await store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation)).ShouldBe(6);
        await Should.ThrowAsync<MissingRecordsException>(() =>
            store.StoreAsync(TestRecords.Partition(), [TestRecords.Quotes(9, 3)], TestRecords.NoneRefused, Cancellation, emptyFrom: 7));
    }

    [Fact]
    public async Task Stream_that_ends_before_stored_records_throws()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1), TestRecords.Quotes(1, 2));

        await store.CheckLogEndAsync(TestRecords.Partition(), 2, Cancellation);
        var lost = await Should.ThrowAsync<StreamTruncatedException>(
            () => store.CheckLogEndAsync(TestRecords.Partition(), 1, Cancellation));

        lost.Message.ShouldContain("tick_archive[3]");
        lost.Message.ShouldContain("UPDATE stream_offsets");
    }

    [Fact]
    public async Task Restored_database_stores_lost_records_again()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await StoreAsync(store, TestRecords.Quotes(0, 1, 2), TestRecords.Quotes(1, 3, 4));
        await database.ExecuteAsync("DELETE FROM market_ticks; UPDATE stream_offsets SET next_offset = 0");

        await StoreAsync(store, TestRecords.Quotes(0, 1, 2), TestRecords.Quotes(1, 3, 4), TestRecords.Quotes(2, 5));

        (await database.CountAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Killed_session_writes_nothing_and_the_retry_succeeds()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await using var locker = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await locker.BeginTransactionAsync(Cancellation);
        // The copy blocks at a row that another, uncommitted transaction has inserted.
        await new NpgsqlCommand(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, tick_hash, received_ms)
            VALUES ('EURUSD', {TestRecords.FirstMs + 150}, 'forex', 'quote', 'live', {HashOf(1500)}, 0)
            """,
            locker).ExecuteNonQueryAsync(Cancellation);
        ArchivedRecord[] run = [TestRecords.Quotes(0, [.. Enumerable.Range(0, 3000)])];

        var storing = StoreAsync(store, run);
        var session = await database.WaitForBlockedSessionAsync();
        await database.QueryAsync<bool>($"SELECT pg_terminate_backend({session})");

        await Should.ThrowAsync<NpgsqlException>(storing);
        await transaction.RollbackAsync(Cancellation);
        (await database.CountAsync()).ShouldBe(0);
        (await StoreAsync(store, run)).StoredTicks.ShouldBe(3000);
        (await database.CountAsync()).ShouldBe(3000);
    }

    [Fact]
    public async Task Deliveries_in_any_order_store_each_tick_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var attempt = 0;
        var deliveries = Gen.Choose(0, 11).SelectMany(first => Gen.Choose(1, 4).Select(count => (First: first, Count: count))).ListOf(30);
        var contents = Gen.Choose(0, 40).NonEmptyListOf().ListOf(15);
        var storeIndexes = Gen.Choose(0, 2).ListOf(30);

        Check.QuickThrowOnFailure(Prop.ForAll(
            deliveries.ToArbitrary(),
            contents.ToArbitrary(),
            storeIndexes.ToArbitrary(),
            (runs, records, stores) => StoreInAnyOrderAsync(database, attempt++, runs, records, stores).GetAwaiter().GetResult()));
    }

    private static async Task<bool> StoreInAnyOrderAsync(
        TestDatabase database, int attempt, List<(int First, int Count)> runs, List<List<int>> contents, List<int> storeIndexes)
    {
        var partition = TestRecords.Partition(stream: $"kafka:property:{attempt}");
        var firstMs = TestRecords.FirstMs + (attempt * 1000);
        var records = contents.Select((numbers, offset) => TestRecords.Quotes(offset, 3, firstMs, [.. numbers])).ToArray();
        TickStore[] stores = [database.Store(), database.Store(), database.Store()];
        foreach (var (run, store) in runs.Zip(storeIndexes))
        {
            try
            {
                await stores[store].StoreAsync(
                    partition, [.. records.Skip(run.First).Take(run.Count)], TestRecords.NoneRefused, CancellationToken.None);
            }
            catch (MissingRecordsException)
            {
                // The missing records are delivered at the end.
            }
        }

        await stores[0].StoreAsync(partition, records, TestRecords.NoneRefused, CancellationToken.None);
        var distinct = contents.SelectMany(numbers => numbers).Distinct().Count();
        return distinct == await database.QueryAsync<long>(
            $"SELECT count(*) FROM market_ticks WHERE timestamp_ms >= {firstMs} AND timestamp_ms < {firstMs + 1000}");
    }

    private static async Task<StoreResult[]> WhileLockedAsync(TestDatabase database, Func<IEnumerable<Task<StoreResult>>> store)
    {
        await using var locker = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await locker.BeginTransactionAsync(Cancellation);
        await new NpgsqlCommand("LOCK TABLE market_ticks IN EXCLUSIVE MODE", locker).ExecuteNonQueryAsync(Cancellation);
        Task<StoreResult>[] storing = [.. store()];
        await database.WaitForBlockedSessionAsync();
        await transaction.RollbackAsync(Cancellation);
        return await Task.WhenAll(storing);
    }

    private static long HashOf(int number) => (long)Ticks.Identity.TickIdentity.Of(TestRecords.Quote(number));

    private static Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, TestRecords.NoneRefused, Cancellation);
}
