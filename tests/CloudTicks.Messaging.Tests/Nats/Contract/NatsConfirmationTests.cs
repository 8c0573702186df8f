using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

public sealed class NatsConfirmationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lost_connection_fails_confirmation_and_counts_failures()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromMinutes(5) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        proxy.Stall();
        for (var message = 0; message < 10; message++)
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);

        var confirmation = publisher.ConfirmAsync(generation, Cancellation);
        confirmation.IsCompleted.ShouldBeFalse();
        proxy.Cut();

        await Should.ThrowAsync<MessagesNotConfirmedException>(confirmation);
        proxy.Flow();
        while (publisher.Generation == generation)
            await publisher.WaitUntilConnectedAsync(Cancellation);
        clients.Measured["published"].ShouldBe(10);
        clients.Measured["failed"].ShouldBe(10);
        clients.Measured.GetValueOrDefault("confirmed").ShouldBe(0);
    }

    [Fact]
    public async Task Cancelled_confirmation_keeps_the_connection()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        using var cancelling = new CancellationTokenSource();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromMinutes(5) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        proxy.Stall();
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);

        var confirmation = publisher.ConfirmAsync(generation, cancelling.Token);
        await cancelling.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(confirmation);
        proxy.Flow();
        await publisher.ConfirmAsync(generation, Cancellation);
        publisher.Generation.ShouldBe(generation);
        clients.Measured["confirmed"].ShouldBe(1);
    }

    [Fact]
    public async Task Messages_are_counted_before_their_confirmation_completes()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromMinutes(5) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        proxy.Stall();
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        // A token would make the task complete later than the confirmation.
        var confirmation = publisher.ConfirmAsync(publisher.Generation, CancellationToken.None);
        var isTooLate = false;
        clients.OnMeasured = name => isTooLate |= name == "confirmed" && confirmation.IsCompleted;

        proxy.Flow();
        await confirmation.WaitAsync(Cancellation);

        clients.Measured["confirmed"].ShouldBe(1);
        isTooLate.ShouldBeFalse();
    }

    [Fact]
    public async Task Disposed_publisher_fails_pending_and_later_confirmations()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromMinutes(5) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        proxy.Stall();
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);

        var confirmation = publisher.ConfirmAsync(generation, Cancellation);
        await publisher.DisposeAsync();

        await Should.ThrowAsync<MessagesNotConfirmedException>(confirmation);
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        await Should.ThrowAsync<MessagingException>(async () => await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8));
        clients.Measured["failed"].ShouldBe(1);
    }

    [Fact]
    public async Task Disposal_flushes_buffered_messages()
    {
        const int count = 1_000; // as many as the sockets buffer, because the flush lasts for up to a second
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var signal = new Signal(count);
        var subscriber = clients.Subscriber(server.Url);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        for (var message = 0; message < count; message++)
            await publisher.PublishAsync("ticks.EURUSD"u8, new byte[100]);
        await publisher.DisposeAsync();

        await signal.Reached.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Too_large_payload_returns_its_buffer()
    {
        const int attempts = 500;
        await using var server = await NatsTestServer.StartNewAsync("max_payload: 1000");
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        var payload = new byte[500_000];

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var attempt = 0; attempt < attempts; attempt++)
            Should.Throw<MessagingException>(() => { _ = publisher.PublishAsync("ticks.EURUSD"u8, payload).AsTask(); });
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        // A buffer that is not returned is allocated again for each attempt.
        allocated.ShouldBeLessThan(attempts * payload.Length / 4);
        publisher.Generation.ShouldBe(generation);
    }
}
