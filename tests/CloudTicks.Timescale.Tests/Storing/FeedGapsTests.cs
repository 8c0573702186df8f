using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests.Storing;

public class FeedGapsTests(PostgresFixture postgres)
{
    private static readonly FeedGap Sample = new(
        Guid.Parse("0199b6a4-6f00-7abc-8def-0123456789ab"), TestRecords.SymbolOf("BRK.A"), TickKind.Trade, 1_000, 2_000, "disconnected",
        "a 'test'",
        GapState.Open, 0, "why: \"so\"", 3_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_of_a_gap_arrives_in_its_column()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        var result =
            await StoreAsync(database.Store(), Gap(0, Sample), Gap(1, Sample with { Id = Guid.NewGuid(), ToMs = null, Detail = null }),
            Gap(2, Sample with { Id = Guid.NewGuid(), FromMs = 5, Missing = 3, Restored = 2, Loss = Sample.Id }));

        (result.GapStates, result.NextOffset).ShouldBe((3, 3));
        (await database.QueryAsync<string>("SELECT g::text FROM feed_gaps g WHERE to_ms IS NOT NULL AND missing = 0")).ShouldBe(
            "(0199b6a4-6f00-7abc-8def-0123456789ab,stock,BRK.A,trade,1000,2000,disconnected,\"a 'test'\",open,0,\"why: "
                + "\"\"so\"\"\",3000,0,0,)");
        (await database.QueryAsync<string>("SELECT missing || ' ' || restored || ' ' || loss FROM feed_gaps WHERE from_ms = 5"))
            .ShouldBe($"3 2 {Sample.Id}");
        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps WHERE to_ms IS NULL AND detail IS NULL")).ShouldBe(1);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 3, 2, 1 })]
    [InlineData(new[] { 2, 3, 1, 3, 2 })]
    public async Task Newest_state_of_a_gap_wins_in_any_order(int[] order)
    {
        var states = new Dictionary<int, FeedGap>
        {
            [1] = Sample,
            [2] = Sample with { State = GapState.Filling, ChangedMs = 3_001 },
            [3] = Sample with { State = GapState.Filled, ToMs = 2_500, Recovered = 17, ChangedMs = 3_002 },
        };
        await using var storedTogether = await TestDatabase.CreateAsync(postgres);
        await StoreAsync(storedTogether.Store(), [.. order.Select((state, offset) => Gap(offset, states[state]))]);
        await using var storedSeparately = await TestDatabase.CreateAsync(postgres);
        foreach (var (offset, state) in order.Index())
        {
            await StoreAsync(storedSeparately.Store(), Gap(offset, states[state]));
        }

        foreach (var database in (TestDatabase[])[storedTogether, storedSeparately])
        {
            (await database.QueryAsync<string>(
                "SELECT string_agg(state || ' ' || to_ms || ' ' || recovered || ' ' || changed_ms, ';') FROM feed_gaps"))
                .ShouldBe("filled 2500 17 3002");
        }
    }

    [Fact]
    public async Task Gaps_and_ticks_are_stored_together_and_once()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var records = new[] { TestRecords.Quotes(0, 1, 2), Gap(1, Sample), TestRecords.Quotes(2, 2, 3) };

        var first = await StoreAsync(database.Store(), records);
        var again = await StoreAsync(database.Store(), [.. records, TestRecords.Quotes(3, 1, 4)]);

        (first.StoredTicks, first.GapStates).ShouldBe((3, 1));
        (again.SkippedRecords, again.GapStates).ShouldBe((3, 0));
        (await database.CountAsync()).ShouldBe(4);
        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_gaps_of_many_partitions_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(partition => store.StoreAsync(
            TestRecords.Partition(partition),
            // All partitions have a gap with the same id, which no collector would write.
            [Gap(0, Sample with { ChangedMs = 3_000 + partition }), Gap(1, Sample with { Id = Guid.NewGuid() })],
            TestRecords.NoneRefused,
            Cancellation)));

        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(17);
        (await database.QueryAsync<long>("SELECT max(changed_ms) FROM feed_gaps")).ShouldBe(3_015);
    }

    [Fact]
    public async Task Unreadable_gap_record_is_refused_and_others_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var refused = new List<RefusedRecord>();

        await database.Store().StoreAsync(
            TestRecords.Partition(),
            [new ArchivedRecord(0, "{\"gap\":{\"version\":9}}"u8.ToArray()), Gap(1, Sample), TestRecords.Quotes(2, 1)],
            (records, _) =>
            {
                refused.AddRange(records);
                return Task.CompletedTask;
            },
            Cancellation);

        refused.ShouldHaveSingleItem().Reason.ShouldContain("version 9");
        (await database.CountAsync()).ShouldBe(1);
        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(1);
    }

    private static ArchivedRecord Gap(long offset, FeedGap gap) => new(offset, GapRecord.Write(gap));

    private static Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, TestRecords.NoneRefused, Cancellation);
}
