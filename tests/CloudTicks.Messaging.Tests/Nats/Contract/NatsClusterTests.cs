using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

public sealed class NatsClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publisher_fails_over_to_another_node()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(3, Cancellation);
        await using var clients = new Clients();
        var publisher = clients.Publisher(cluster.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        await clients.LineAsync("Connected to NATS at", count: 1, Cancellation);
        var connectedNode = cluster.Servers.Single(server => clients.Lines.Contains($"Information: Connected to NATS at {server.Url}"));
        var signal = new Signal(1);
        var subscriber = clients.Subscriber(cluster.Servers.First(server => server != connectedNode).Url);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);

        connectedNode.Kill();
        await connectedNode.Exited;
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        do
        {
            // Core NATS forwards a new subscription to other nodes with a delay: messages published earlier are not delivered.
            await publisher.WaitUntilConnectedAsync(Cancellation);
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
            await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        }
        while (signal.Count == 0);

        publisher.Generation.ShouldBeGreaterThan(generation);
    }

    [Fact]
    public async Task Subscriber_fails_over_and_receives_every_later_message()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(3, Cancellation);
        await using var clients = new Clients();
        var subscriber = clients.Subscriber(cluster.Url);
        var signal = new Signal(long.MaxValue);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);
        await clients.LineAsync("Connected to NATS at", count: 1, Cancellation); // the line is logged after IsConnected becomes true
        var connectedNode = cluster.Servers.Single(server => clients.Lines.Contains($"Information: Connected to NATS at {server.Url}"));
        var publisher = clients.Publisher(cluster.Servers.First(server => server != connectedNode).Url);

        var generation = subscriber.Generation;
        connectedNode.Kill();
        await connectedNode.Exited;
        do
        {
            // Publish until the publisher's node forwards messages to the subscriber's new node.
            await publisher.WaitUntilConnectedAsync(Cancellation);
            await publisher.PublishAsync("ticks.EURUSD"u8, "0"u8);
            await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        }
        while (subscriber.Generation == generation || signal.Count == 0);
        await subscriber.ReadyAsync(Cancellation);

        var before = signal.Count;
        for (var message = 0; message < 1000; message++)
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        while (signal.Count < before + 1000)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Outage_of_all_servers_is_logged_once()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(3, Cancellation);
        await using var clients = new Clients();
        var publisher = clients.Publisher(cluster.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;

        foreach (var server in cluster.Servers)
            server.Kill();
        await Task.WhenAll(cluster.Servers.Select(server => server.Exited));
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        while (publisher.IsConnected || publisher.Problem is null)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await cluster.RestartAsync(1, Cancellation);
        while (publisher.Generation == generation || !publisher.IsConnected)
            await publisher.WaitUntilConnectedAsync(Cancellation);
        await Clients.UntilConfirmedAsync(publisher, Cancellation);

        clients.Lines.Count(line => line.StartsWith("Warning: Lost the connection to NATS at nats://127.0.0.1:", StringComparison.Ordinal))
            .ShouldBeInRange(1, 3);
        clients.Lines.Count(
            line => line.StartsWith("Warning: ", StringComparison.Ordinal) && !line.Contains("Lost", StringComparison.Ordinal)).ShouldBe(0);
    }
}
