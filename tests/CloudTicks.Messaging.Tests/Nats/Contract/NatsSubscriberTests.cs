using System.Text;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

public sealed class NatsSubscriberTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscription_goes_on_after_the_server_was_killed_and_the_generation_rises()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var subscriber = clients.Subscriber(server.Url);
        var signal = new Signal(1);
        subscriber.Subscribe("config.*", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);
        var generation = subscriber.Generation;

        await server.KillAsync();
        await clients.LineAsync("No connection to NATS", count: 1, Cancellation);
        await server.StartAsync();
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await publisher.PublishAsync("config.collector"u8, "1"u8);
        await signal.Reached.WaitAsync(Cancellation);

        subscriber.Generation.ShouldBe(generation + 1);
    }

    [Fact]
    public async Task Handler_that_is_too_slow_loses_messages_that_are_counted()
    {
        const int sent = 2_000;
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        using var gate = new ManualResetEventSlim();
        var subscriber = clients.Subscriber(server.Url, settings => settings with { MaxPendingMessages = 100 });
        var subscription = subscriber.Subscribe("ticks.>", (_, _) => gate.Wait(Cancellation));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        for (var message = 0; message < sent; message++)
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await subscriber.ReadyAsync(Cancellation); // all that was published before has been taken from the socket
        var dropped = subscription.Dropped;
        gate.Set();
        await subscription.DisposeAsync();

        dropped.ShouldBeGreaterThan(0);
        (subscription.Received + subscription.Dropped).ShouldBe(sent);
        clients.Measured["dropped"].ShouldBe(subscription.Dropped);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ticks..a")]
    [InlineData("ticks.>.a")]
    [InlineData("ticks a")]
    public async Task Subject_that_is_none_is_refused(string subject)
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var subscriber = clients.Subscriber(server.Url);

        Should.Throw<ArgumentException>(() => subscriber.Subscribe(subject, (_, _) => { }));
    }

    [Fact]
    public async Task Handler_that_throws_skips_its_message_and_gets_the_next()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscriber = clients.Subscriber(server.Url);
        var subscription = subscriber.Subscribe("a", (_, payload) =>
        {
            var text = Encoding.UTF8.GetString(payload);
            if (text == "bad")
                throw new FormatException("bad message");
            received.SetResult(text);
        });
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        await publisher.PublishAsync("a"u8, "bad"u8);
        await publisher.PublishAsync("a"u8, "good"u8);

        (await received.Task.WaitAsync(Cancellation)).ShouldBe("good");
        subscription.HandlerFailures.ShouldBe(1);
        clients.Lines.ShouldContain(
            line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("bad message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disposed_subscription_has_handed_over_what_had_arrived_and_gets_no_more()
    {
        const int sent = 500;
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        using var gate = new ManualResetEventSlim();
        var subscriber = clients.Subscriber(server.Url);
        var subscription = subscriber.Subscribe("a", (_, _) => gate.Wait(Cancellation));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        for (var message = 0; message < sent; message++)
            await publisher.PublishAsync("a"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await subscriber.ReadyAsync(Cancellation);

        var disposing = subscription.DisposeAsync();
        gate.Set();
        await disposing;
        await publisher.PublishAsync("a"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await subscriber.ReadyAsync(Cancellation);

        subscription.Received.ShouldBe(sent);
    }
}
