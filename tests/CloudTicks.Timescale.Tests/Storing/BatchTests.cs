using CloudTicks.TestServices;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

/// <summary>
/// Tests when a transaction stops waiting for more rows. The clock advances only when a test advances it, so that an unintended wait never
/// ends.
/// </summary>
public class BatchTests(PostgresFixture postgres)
{
    private static readonly TimeSpan SlowDuration = TimeSpan.FromMilliseconds(300);

    private readonly TestTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tick_after_a_small_transaction_waits_for_its_duration()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromSeconds(1));
        await StoreSlowlyAsync(database, store);

        var storing = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(SlowDuration, Cancellation);
        _time.Advance(SlowDuration);

        (await storing).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task Small_fast_transactions_begin_an_interval_apart()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromSeconds(1));
        await StoreAsync(store, 0, 1);

        var storing = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(CommitPace.Interval, Cancellation);
        storing.IsCompleted.ShouldBeFalse();
        _time.Advance(CommitPace.Interval);

        (await storing).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task WaitForNextTransaction_completes_before_the_transaction()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromSeconds(1));
        await store.WaitForNextTransactionAsync();
        await StoreAsync(store, 0, 1);

        var next = store.WaitForNextTransactionAsync();
        await _time.UntilTimerAsync(CommitPace.Interval - CommitPace.Lead, Cancellation);
        next.IsCompleted.ShouldBeFalse();
        _time.Advance(CommitPace.Interval - CommitPace.Lead);
        await next;
        var storing = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(CommitPace.Lead, Cancellation);
        storing.IsCompleted.ShouldBeFalse();
        _time.Advance(CommitPace.Lead);

        (await storing).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task Second_writer_respects_the_pause_of_the_first()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, Writers = 2 }, _time);
        await StoreSlowlyAsync(database, store);

        var storing = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(SlowDuration, Cancellation);
        storing.IsCompleted.ShouldBeFalse();
        _time.Advance(SlowDuration);

        (await storing).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task Batch_interval_limits_the_wait()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromMilliseconds(50));
        await StoreSlowlyAsync(database, store);

        var storing = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(TimeSpan.FromMilliseconds(50), Cancellation);
        _time.Advance(TimeSpan.FromMilliseconds(50));

        (await storing).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task Waiting_partitions_share_a_transaction_until_many_rows_wait()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromSeconds(1));
        await StoreSlowlyAsync(database, store);

        var waiting = StoreAsync(store, 1, 10);
        await _time.UntilTimerAsync(SlowDuration, Cancellation);
        await StoreAsync(store, 2, CommitPace.RowsWorthCommitting);

        (await waiting).StoredTicks.ShouldBe(10);
        (await database.QueryAsync<long>("SELECT count(DISTINCT xmin::text) FROM stream_offsets WHERE partition IN (1, 2)")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1000, 300)]
    public async Task Tick_does_not_wait_without_interval_or_after_idle_time(int intervalMs, int idleMs)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = Store(database, TimeSpan.FromMilliseconds(intervalMs));
        await StoreSlowlyAsync(database, store);

        _time.Advance(TimeSpan.FromMilliseconds(idleMs));

        (await StoreAsync(store, 1, 10)).StoredTicks.ShouldBe(10);
    }

    [Fact]
    public async Task Transaction_is_limited_in_bytes()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        // A row has about 150 bytes.
        var store = database.Store(new TimescaleOptions { RetentionWindow = null, BytesPerTransaction = 1 << 20 });
        ArchivedRecord[] run =
            [.. Enumerable.Range(0, 15).Select(record => TestRecords.Quotes(record, [.. Enumerable.Range(record * 1000, 1000)]))];

        (await store.StoreAsync(TestRecords.Partition(), run, TestRecords.NoneRefused, Cancellation)).StoredTicks.ShouldBe(15_000);

        (await database.QueryAsync<long>("SELECT count(DISTINCT xmin::text) FROM market_ticks")).ShouldBeGreaterThan(1);
    }

    private TickStore Store(TestDatabase database, TimeSpan interval) =>
        database.Store(new TimescaleOptions { RetentionWindow = null, Writers = 1, BatchInterval = interval }, _time);

    /// <summary>Stores one row in a slow transaction.</summary>
    private async Task StoreSlowlyAsync(TestDatabase database, TickStore store)
    {
        await using var locker = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await locker.BeginTransactionAsync(Cancellation);
        await new NpgsqlCommand("LOCK TABLE market_ticks IN EXCLUSIVE MODE", locker).ExecuteNonQueryAsync(Cancellation);
        var storing = StoreAsync(store, 0, 1);
        await database.WaitForBlockedSessionAsync();
        _time.Advance(SlowDuration);
        await transaction.RollbackAsync(Cancellation);
        await storing;
    }

    private static Task<StoreResult> StoreAsync(TickStore store, int partition, int ticks) => store.StoreAsync(
        TestRecords.Partition(partition),
        [TestRecords.Quotes(0, partition, TestRecords.FirstMs, [.. Enumerable.Range(partition * 10_000, ticks)])],
        TestRecords.NoneRefused,
        Cancellation);
}
