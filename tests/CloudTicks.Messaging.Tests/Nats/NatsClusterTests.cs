namespace CloudTicks.Messaging.Tests.Nats;

public sealed class NatsClusterTests(NatsFixture nats)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publisher_moves_to_another_node_when_its_own_is_killed()
    {
        // Servers that do not know each other: nothing but the list of the connection string leads from one to the next.
        await using var first = await NatsTestServer.StartNewAsync(nats);
        await using var second = await NatsTestServer.StartNewAsync(nats);
        await using var third = await NatsTestServer.StartNewAsync(nats);
        NatsTestServer[] servers = [first, second, third];
        await using var clients = new Clients();
        var publisher = clients.Publisher(string.Join(',', servers.Select(server => server.Url)));
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        await publisher.ConfirmAsync(generation, Cancellation);
        var own = servers.Single(server => clients.Lines.Any(line => line.Contains($"Connected to NATS at 127.0.0.1:{server.Port}", StringComparison.Ordinal)
            || line.Contains($"Connected to NATS at {server.Url}", StringComparison.Ordinal)));

        await own.KillAsync();
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);

        publisher.Generation.ShouldBeGreaterThan(generation);
    }
}
