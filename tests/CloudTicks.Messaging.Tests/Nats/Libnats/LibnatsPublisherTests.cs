using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Libnats;

/// <summary>Properties of libnats' publisher, in addition to the contract of both clients.</summary>
public sealed class LibnatsPublisherTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publishing_does_not_allocate()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var payload = new byte[110];
        await publisher.PublishAsync("ticks.EURUSD"u8, payload);

        AllocatedBy(() => _ = publisher.PublishAsync("ticks.EURUSD"u8, payload).AsTask()).ShouldBe(0);
    }

    [Fact]
    public async Task Concurrent_confirmations_share_the_next_marker()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var markers = 0;
        var subscriber = clients.Subscriber(server.Url, Clients.WithLongDrain);
        var subscription = subscriber.Subscribe("_INBOX.*.echo", (_, _) => Interlocked.Increment(ref markers));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromMinutes(5) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;

        proxy.Stall();
        var confirmations = Enumerable.Range(0, 100).Select(_ => publisher.ConfirmAsync(generation, Cancellation)).ToArray();
        confirmations.ShouldAllBe(confirmation => !confirmation.IsCompleted);
        proxy.Flow();
        await Task.WhenAll(confirmations);

        await subscriber.ReadyAsync(Cancellation);
        await subscription.DisposeAsync();
        // The publisher sends two markers, and the subscriber up to two.
        Volatile.Read(ref markers).ShouldBeInRange(2, 4);
        await publisher.ConfirmAsync(generation, Cancellation);
    }

    private static long AllocatedBy(Action publish)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var message = 0; message < 10_000; message++)
            publish();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
