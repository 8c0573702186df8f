using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats;

public sealed class NatsClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publisher_moves_to_another_node_when_its_own_is_killed()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(3, Cancellation);
        await using var clients = new Clients();
        var publisher = clients.Publisher(cluster.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        var own = cluster.Servers.Single(server => clients.Lines.Contains($"Information: Connected to NATS at {server.Url}"));
        var signal = new Signal(1);
        var subscriber = clients.Subscriber(cluster.Servers.First(server => server != own).Url);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);

        own.Kill();
        await own.Exited;
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        do
        {
            // Core NATS tells its nodes of a new subscriber when it gets to it: what is published before that is not delivered.
            await publisher.WaitUntilConnectedAsync(Cancellation);
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
            await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        }
        while (signal.Count == 0);

        publisher.Generation.ShouldBeGreaterThan(generation);
    }
}
