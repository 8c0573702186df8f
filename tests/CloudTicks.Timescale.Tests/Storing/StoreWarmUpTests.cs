using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests.Storing;

public class StoreWarmUpTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warm_up_stores_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);

        await WarmUp(database).RunAsync(Record, Cancellation);

        await ShouldBeEmptyAsync(database);
    }

    [Fact]
    public async Task Interrupted_warm_up_stores_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var lockingConnection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await lockingConnection.BeginTransactionAsync(Cancellation);
        await using var lockCommand = new Npgsql.NpgsqlCommand("LOCK TABLE market_ticks", lockingConnection);
        await lockCommand.ExecuteNonQueryAsync(Cancellation);

        var warmUp = WarmUp(database).RunAsync(Record, Cancellation);
        var pid = await database.WaitForBlockedSessionAsync();
        await database.ExecuteAsync($"SELECT pg_terminate_backend({pid})");
        await transaction.RollbackAsync(Cancellation);

        await Should.ThrowAsync<Npgsql.NpgsqlException>(warmUp);
        await ShouldBeEmptyAsync(database);
    }

    [Fact]
    public async Task Records_after_the_warm_up_are_stored()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await WarmUp(database).RunAsync(Record, Cancellation);

        var result = await database.Store().StoreAsync(
            TestRecords.Partition(), [new ArchivedRecord(0, Record(3))], (_, _) => Task.CompletedTask, Cancellation);

        result.StoredTicks.ShouldBe(1);
        (await database.CountAsync()).ShouldBe(1);
    }

    private static StoreWarmUp WarmUp(TestDatabase database) =>
        new(database.Sources.Writer, new SettableOptions(new TimescaleOptions { RetentionWindow = null }), TimeProvider.System)
        {
            LockTimeout = TestDatabase.LockTimeout,
        };

    private static byte[] Record(int partition)
    {
        var builder = new TickBatchBuilder(partition, TickSource.Live);
        builder.Add(TestRecords.Quote(partition));
        return builder.ToRecord();
    }

    private static async Task ShouldBeEmptyAsync(TestDatabase database)
    {
        (await database.CountAsync()).ShouldBe(0);
        (await database.QueryAsync<long>("SELECT count(*) FROM stream_offsets")).ShouldBe(0);
        (await database.QueryAsync<long>("SELECT count(*) FROM feed_gaps")).ShouldBe(0);
    }
}
