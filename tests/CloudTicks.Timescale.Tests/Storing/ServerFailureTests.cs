using CloudTicks.TestServices;
using CloudTicks.Timescale.Storing;
using Npgsql;

namespace CloudTicks.Timescale.Tests.Storing;

/// <summary>Tests that stop or kill a separate database server.</summary>
public class ServerFailureTests(ServerFailureTests.OwnServer server) : IClassFixture<ServerFailureTests.OwnServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_server_keeps_acknowledged_records()
    {
        await using var database = await TestDatabase.CreateAsync(server.Postgres);
        var store = database.Store();
        using var killing = new CancellationTokenSource();
        var (acknowledged, offset) = (0L, 0);
        var firstResult = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var storing = Task.Run(
            async () =>
            {
                while (true)
                {
                    acknowledged = (await StoreAsync(store, Record(offset))).NextOffset;
                    firstResult.TrySetResult();
                    offset++;
                }
            },
            Cancellation);
        await firstResult.Task;
        var restarting = server.Postgres.KillAndRestartAsync();

        await Should.ThrowAsync<NpgsqlException>(storing);
        await restarting;
        var next = await RetryUntilAvailableAsync(() => store.GetNextOffsetAsync(TestRecords.Partition(), Cancellation));
        next.ShouldBeInRange(acknowledged, acknowledged + 1);
        (await database.CountAsync()).ShouldBe(next * 10);
        (await StoreAsync(store, Record(offset), Record(offset + 1))).NextOffset.ShouldBe(offset + 2);
        (await database.CountAsync()).ShouldBe((offset + 2) * 10);
    }

    [Fact]
    public async Task Call_fails_while_the_server_is_stopped_and_then_succeeds()
    {
        await using var database = await TestDatabase.CreateAsync(server.Postgres);
        var store = database.Store();
        await StoreAsync(store, Record(0));

        await server.Postgres.Server.StopAsync();
        await Should.ThrowAsync<NpgsqlException>(() => StoreAsync(store, Record(1)));
        await server.Postgres.KillAndRestartAsync();

        (await RetryUntilAvailableAsync(() => StoreAsync(store, Record(1)))).NextOffset.ShouldBe(2);
        (await database.CountAsync()).ShouldBe(20);
    }

    private static ArchivedRecord Record(int offset) => TestRecords.Quotes(offset, [.. Enumerable.Range(offset * 10, 10)]);

    private static Task<StoreResult> StoreAsync(TickStore store, params ArchivedRecord[] records) =>
        store.StoreAsync(TestRecords.Partition(), records, TestRecords.NoneRefused, Cancellation);

    /// <summary>Retries a call until it succeeds: pooled connections notice the server's end only on their next use.</summary>
    private static async Task<T> RetryUntilAvailableAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (NpgsqlException)
            {
                Cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    public sealed class OwnServer : IAsyncLifetime
    {
        public PostgresFixture Postgres { get; } = new();

        public ValueTask InitializeAsync() => Postgres.InitializeAsync();

        public ValueTask DisposeAsync() => Postgres.DisposeAsync();
    }
}
