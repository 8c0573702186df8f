using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

public class PublishTicksTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Connection_cut_between_publish_and_confirmation_publishes_again_and_checkpoints_nothing_before()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        await using var proxy = new NatsProxy(system.Nats.Servers[0].Port);
        var published = proxy.StallAnswersAfter("PUB ticks.");
        await system.ProduceAsync(5, TestTicks.Record(5, 0, 10));

        await system.StartFunctionsAsync(("ConnectionStrings__nats", proxy.Url));
        await published;
        await system.UntilSeenAsync(10);
        // The table is there, so the function beside it had the time to checkpoint; this one must not have.
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
}
