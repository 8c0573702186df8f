using CloudTicks.TestServices;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests.Storing;

public class StoreOpeningTests(PostgresFixture postgres)
{
    private static readonly StreamPartition Partition = TestRecords.Partition();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_returns_the_offset_of_each_partition()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), 0, 1, 2);

        var stored = await OpenAsync(database.Store());

        stored.ShouldBe(new Dictionary<int, long> { [2] = 0, [3] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Records_after_opening_are_stored_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(database.Store(), 0, 1, 2);
        var store = database.Store();
        await OpenAsync(store);

        (await StoreAsync(store, 0, 1, 2)).SkippedRecords.ShouldBe(1);
        (await StoreAsync(store, 1, 3)).StoredTicks.ShouldBe(1);

        (await database.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Partition_moved_by_another_program_since_opening_continues()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await OpenAsync(store);
        await StoreAsync(database.Store(), 0, 1, 2);

        (await StoreAsync(store, 1, 3)).StoredTicks.ShouldBe(1);

        (await database.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Missing_records_after_opening_throw()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();
        await OpenAsync(store);

        var missing = await Should.ThrowAsync<MissingRecordsException>(() => StoreAsync(store, 5, 1));

        (missing.NextOffset, missing.FirstOffset).ShouldBe((0, 5));
    }

    private static Task<IReadOnlyDictionary<int, long>> OpenAsync(TickStore store) =>
        store.OpenAsync(Partition.Stream, Partition.Topic, [2, Partition.Partition], Cancellation);

    private static Task<StoreResult> StoreAsync(TickStore store, long offset, params int[] numbers) =>
        store.StoreAsync(Partition, [TestRecords.Quotes(offset, numbers)], TestRecords.NoneRefused, Cancellation);
}
