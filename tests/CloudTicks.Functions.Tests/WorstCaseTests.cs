using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

/// <summary>Tests the functions on a host that behaves in the worst way that the Functions runtime permits.</summary>
public class WorstCaseTests(PostgresFixture postgres)
{
    private const int Partitions = 4, Records = 200, Ticks = 20, Distinct = Partitions * (Records + 1) * Ticks / 2;

    private static readonly string[] Faults =
        ["cancelled in the middle", "delivered again", "delivered at the same time", "leaves the consumer group"];

    [Fact]
    public async Task Storm_of_faults_stores_each_tick_once()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await using var proxy = new NatsProxy(system.Nats.Servers[0].Port);
        var published = proxy.StallAfter("PUB ticks.");
        var first = await system.StartFunctionsAsync([.. WorstCase(rate: 0.3, seed: 1), ("ConnectionStrings__nats", proxy.Url)]);
        var producing = ProduceAsync(system);

        // This is the only host: it owns all partitions, and their ticks go through the proxy.
        await published;
        var second = await system.StartFunctionsAsync(WorstCase(rate: 0.3, seed: 2));
        proxy.Cut();
        proxy.Flow();
        for (var rows = 0L; rows < Distinct / 2; rows = await system.CountRowsAsync())
        {
            var before = rows;
            await system.UntilAsync(async () => await system.CountRowsAsync() > before ? null : "nothing more is stored");
            await system.CutConnectionsAsync();
        }

        await producing;
        var records = Partitions * Records;

        // Which call meets which fault depends on the calls' speed, so produce (repeated) ticks until each kind of fault has occurred.
        await system.UntilAsync(async () =>
        {
            var log = $"{first.Log}\n{second.Log}";
            if (Faults.FirstOrDefault(fault => !log.Contains(fault, StringComparison.Ordinal)) is not { } missing)
            {
                return null;
            }

            records += await ProduceRepeatsAsync(system);
            return $"no call met '{missing}'";
        });
        await system.UntilRowsAsync(Distinct);
        await system.UntilSeenAsync(Distinct);
        await system.UntilAsync(async () =>
            await system.QueryAsync<decimal>("SELECT sum(next_offset) FROM stream_offsets WHERE consumer = 'timescale'") == records
                ? null
                : "offsets are behind");
        (await system.CountRowsAsync()).ShouldBe(Distinct);
        $"{first.Log}\n{second.Log}".ShouldContain("TEST MODE");
    }

    [Fact]
    public async Task Host_that_checkpoints_cancelled_calls_loses_nothing()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.StartFunctionsAsync([.. WorstCase(rate: 0.6, seed: 3), ("FunctionsHosting__WorstCase__CheckpointsCancelled", "true")]);

        await ProduceAsync(system);

        // If the last batch of a partition was skipped, StoreTicks notices that only with the next batch, so produce more (repeated) ticks.
        await system.UntilAsync(async () =>
        {
            if (await system.CountRowsAsync() is var rows && rows == Distinct)
            {
                return null;
            }

            await ProduceRepeatsAsync(system);
            return $"{rows} rows instead of {Distinct}";
        });
    }

    [Fact]
    public async Task Batch_of_a_cut_NATS_connection_is_published()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await using var proxy = new NatsProxy(system.Nats.Servers[0].Port);
        var published = proxy.StallAfter("PUB ticks.");
        await system.StartFunctionsAsync([.. WorstCase(rate: 0, seed: 1), ("ConnectionStrings__nats", proxy.Url)]);

        await system.ProduceAsync(5, TestTicks.Record(5, 0, 10));
        await published;
        proxy.Cut();
        proxy.Flow();

        await system.UntilSeenAsync(10);
    }

    [Fact]
    public async Task Last_batch_of_a_cut_database_connection_is_stored()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await system.StartFunctionsAsync(WorstCase(rate: 0, seed: 1));
        await system.ProduceAsync(5, TestTicks.Record(5, 0, 10));
        await system.UntilRowsAsync(10);

        await using (await system.LockTableAsync())
        {
            await system.ProduceAsync(5, TestTicks.Record(5, 10, 10));
            await system.UntilAsync(
                async () => await system.CutConnectionsAsync("wait_event_type = 'Lock'") > 0 ? null : "no session waits for the table");
        }

        await system.UntilRowsAsync(20);
    }

    [Fact]
    public async Task Refused_batch_is_retried_and_not_checkpointed()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsAsync(WorstCase(rate: 0, seed: 1));
        await system.ProduceAsync(5, TestTicks.Record(5, 0, 10));
        await system.UntilRowsAsync(10);

        await system.ExecuteAsync("ALTER TABLE market_ticks RENAME TO taken_away");
        await system.ProduceAsync(5, TestTicks.Record(5, 10, 10));
        await functions.LineAsync("Ticks are not stored, and wait in the archive: database");
        await system.ProduceAsync(5, TestTicks.Record(5, 20, 10));
        await system.ExecuteAsync("ALTER TABLE taken_away RENAME TO market_ticks");

        await system.UntilRowsAsync(30);
        functions.CountLines("failed, but checkpointed anyway").ShouldBe(0, functions.Log);
    }

    private static (string, string?)[] WorstCase(double rate, int seed) =>
    [
        ("FunctionsHosting__WorstCase__Enabled", "true"),
        ("FunctionsHosting__WorstCase__Rate", FormattableString.Invariant($"{rate}")),
        ("FunctionsHosting__WorstCase__Seed", $"{seed}"),
    ];

    /// <summary>Produces the first record of each partition again.</summary>
    private static async Task<int> ProduceRepeatsAsync(TestSystem system)
    {
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition =>
            system.ProduceAsync(partition, TestTicks.Record(partition, partition * 100_000, Ticks))));
        return Partitions;
    }

    /// <summary>Produces records, each of which repeats half of the previous one.</summary>
    private static Task ProduceAsync(TestSystem system) => Task.WhenAll(Enumerable.Range(0, Partitions).Select(async partition =>
    {
        for (var record = 0; record < Records; record++)
        {
            await system.ProduceAsync(partition, TestTicks.Record(partition, (partition * 100_000) + (record * Ticks / 2), Ticks));
        }
    }));
}
