using CloudTicks.TestServices;
using CloudTicks.Ticks.Identity;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Timescale.Tests.Queries;

public class TickQueriesTests(PostgresFixture postgres)
{
    private const int Quotes = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ticks_of_a_range_are_read_with_their_commit_time()
    {
        await using var database = await CreateFilledDatabaseAsync();
        var ticks = new List<StoredTick>();

        await foreach (var tick in new TickQueries(database.Source)
            .ReadAsync(["GBPUSD"], TestRecords.FirstMs + 10, TestRecords.FirstMs + 20, Cancellation))
        {
            ticks.Add(tick);
        }

        var expected = Enumerable.Range(100, 100).Where(number => number % 3 == 1).ToList();
        ticks.Select(tick => tick.Identity).ShouldBe(expected.Select(IdentityOf), ignoreOrder: true);
        ticks.ShouldAllBe(tick => tick.Symbol == "GBPUSD" && tick.ReceivedMs == tick.TimestampMs + 12);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        ticks.ShouldAllBe(tick => tick.CommittedMs > now - 3_600_000 && tick.CommittedMs <= now);
    }

    private static ulong IdentityOf(int number) => TickIdentity.Of(TestRecords.Quote(number));

    private async Task<TestDatabase> CreateFilledDatabaseAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.Store().StoreAsync(
            TestRecords.Partition(), [TestRecords.Quotes(0, [.. Enumerable.Range(0, Quotes)])], TestRecords.NoneRefused, Cancellation);
        return database;
    }
}
