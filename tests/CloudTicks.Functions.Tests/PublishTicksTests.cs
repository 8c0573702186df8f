using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class PublishTicksTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Unconfirmed_batch_is_republished_before_its_checkpoint()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await using var proxy = new NatsProxy(system.Nats.Servers[0].Port);
        var published = proxy.StallResponsesAfter("PUB ticks.");
        await system.ProduceAsync(5, TestTicks.Record(5, 0, 10));

        await system.StartFunctionsAsync(("ConnectionStrings__nats", proxy.Url));
        await published;
        await system.UntilSeenAsync(10);
        // When StoreTicks has checkpointed, PublishTicks has had enough time as well, but must not checkpoint before NATS confirms.
        await system.UntilAsync(async () =>
            (await system.CheckpointsAsync(ConsumerGroups.Timescale)).GetValueOrDefault(5) == 1 ? null : "StoreTicks has not checkpointed");
        (await system.CheckpointsAsync(ConsumerGroups.Nats)).Keys.ShouldNotContain(5);
        proxy.Cut();
        proxy.Flow();

        await system.UntilAsync(() => Task.FromResult(system.Seen.Values.All(times => times >= 2) ? null : "not published again"));
        await system.UntilAsync(async () =>
            (await system.CheckpointsAsync(ConsumerGroups.Nats)).GetValueOrDefault(5) == 1 ? null : "PublishTicks has not checkpointed");
        system.Seen.Keys.ShouldBe(Enumerable.Range(0, 10).Select(TestTicks.IdentityOf), ignoreOrder: true);
    }

    [Fact]
    public async Task Killed_NATS_node_is_replaced_without_missing_a_tick()
    {
        const int recordCount = 40;
        const int ticksPerRecord = 25;
        await using var system = await TestSystem.StartAsync(postgres, natsNodes: 3);
        // The subscriber is connected to the first node.
        var others = system.Nats.Servers.Skip(1).ToList();
        var functions = await system.StartFunctionsAsync(
            ("ConnectionStrings__nats", string.Join(',', others.Select(server => server.Url))),
            // A busy machine causes no loss of partitions, which would be logged too.
            ("FunctionsHosting__SessionTimeout", "00:05:00"));
        await functions.LineAsync("Connected to NATS at");
        var connectedNode = others.Single(server => functions.Log.Contains($"Connected to NATS at {server.Url}", StringComparison.Ordinal));
        for (var record = 0; record < recordCount; record++)
        {
            await system.ProduceAsync(record % 4, TestTicks.Record(record % 4, record * ticksPerRecord, ticksPerRecord));
            if (record == recordCount / 2)
            {
                // Messages that a node has confirmed but not forwarded are lost when it is killed: NATS does not store them.
                await system.UntilSeenAsync((record + 1) * ticksPerRecord);
                connectedNode.Kill();
            }
        }

        await functions.LineAsync($"Connected to NATS at {others.Single(server => server != connectedNode).Url}");
        await system.UntilSeenAsync(recordCount * ticksPerRecord);
        functions.Log.Split('\n').Count(line => line.Contains(" WARNING ", StringComparison.Ordinal)).ShouldBe(1, functions.Log);
    }
}
