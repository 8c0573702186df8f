using System.Text;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

public sealed class NatsSubscriberTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscription_continues_after_a_kill_in_a_new_generation()
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
        // The subscriber counts a reconnection on a thread of the library, perhaps after it is ready, but before it logs this line.
        await clients.LineAsync("Connected to NATS at", count: 2, Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await publisher.PublishAsync("config.collector"u8, "1"u8);
        await signal.Reached.WaitAsync(Cancellation);

        subscriber.Generation.ShouldBe(generation + 1);
    }

    [Fact]
    public async Task Messages_that_a_slow_handler_loses_are_counted()
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
        await subscriber.ReadyAsync(Cancellation); // after this, all earlier messages have been read from the socket
        var dropped = subscription.Dropped;
        gate.Set();
        await UntilHandledAsync(subscription, sent);
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
    public async Task Invalid_subject_is_rejected(string subject)
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var subscriber = clients.Subscriber(server.Url);

        Should.Throw<ArgumentException>(() => subscriber.Subscribe(subject, (_, _) => { }));
    }

    [Fact]
    public async Task Failed_message_is_skipped()
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
    public async Task Disposed_subscription_delivers_only_arrived_messages()
    {
        const int sent = 500;
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        using var gate = new ManualResetEventSlim();
        var subscriber = clients.Subscriber(server.Url, Clients.WithLongDrain);
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

    [Fact]
    public async Task Wait_for_an_absent_server_reports_the_cause()
    {
        await using var server = new NatsTestServer();
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        var subscriber = clients.Subscriber(server.Url);
        var signal = new Signal(1);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        var connected = publisher.WaitUntilConnectedAsync(Cancellation);
        var ready = subscriber.ReadyAsync(Cancellation);

        await clients.LineAsync($"No connection to NATS at {server.Url}: ", count: 2, Cancellation);
        connected.IsCompleted.ShouldBeFalse();
        ready.IsCompleted.ShouldBeFalse();
        foreach (var problem in new[] { publisher.Problem!, subscriber.Problem! })
        {
            (problem.Contains("refused", StringComparison.OrdinalIgnoreCase)
                || problem.Contains("No server available", StringComparison.OrdinalIgnoreCase)).ShouldBeTrue(problem);
        }

        await server.StartAsync();
        await connected;
        await ready;
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await signal.Reached.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Subscriber_reconnects_to_a_silent_server_and_continues()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var signal = new Signal(1);
        var subscriber = clients.Subscriber(
            proxy.Url,
            settings => settings with { PingInterval = TimeSpan.FromMilliseconds(500), ConnectTimeout = TimeSpan.FromSeconds(1) });
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);

        proxy.Stall();
        // The line alone is no proof: with these short times, a subscriber on a loaded machine may have logged it before the stall.
        while (subscriber.IsConnected)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        await clients.LineAsync("No connection to NATS", count: 1, Cancellation);
        proxy.Flow();
        await subscriber.ReadyAsync(Cancellation);

        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        do
        {
            // A loaded machine may lose the connection again, because of the short ping interval, and a message with it.
            await subscriber.ReadyAsync(Cancellation);
            await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
            await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        }
        while (signal.Count == 0);
    }

    [Fact]
    public async Task Burst_during_a_busy_handler_is_received_completely()
    {
        const int sent = 200_000;
        await using var server = await NatsTestServer.StartNewAsync("max_pending: 512MB\nwrite_deadline: \"60s\"");
        await using var clients = new Clients();
        using var gate = new ManualResetEventSlim();
        var signal = new Signal(sent);
        var subscriber = clients.Subscriber(server.Url);
        var subscription = subscriber.Subscribe("ticks.>", (_, _) =>
        {
            gate.Wait(Cancellation);
            signal.Add();
        });
        await subscriber.ReadyAsync(Cancellation);
        var generation = subscriber.Generation;
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        var payload = new byte[110];
        for (var message = 0; message < sent; message++)
            await publisher.PublishAsync("ticks.EURUSD"u8, payload);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await subscriber.ReadyAsync(Cancellation); // after this, all earlier messages have been read from the socket
        gate.Set();
        await signal.Reached.WaitAsync(Cancellation);

        subscriber.Generation.ShouldBe(generation);
        subscription.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Messages_over_the_byte_limit_are_dropped_and_counted()
    {
        const int sent = 200;
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        using var gate = new ManualResetEventSlim();
        using var received = new SemaphoreSlim(0);
        var subscriber = clients.Subscriber(server.Url, settings => settings with { MaxPendingBytes = 50_000 });
        var quick = subscriber.Subscribe("ticks.>", (_, _) => received.Release());
        var slow = subscriber.Subscribe("ticks.>", (_, _) => gate.Wait(Cancellation));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        for (var message = 0; message < sent; message++)
        {
            await publisher.PublishAsync("ticks.EURUSD"u8, new byte[1000]);
            await received.WaitAsync(Cancellation);
        }

        await subscriber.ReadyAsync(Cancellation); // after this, all earlier messages have been read from the socket
        slow.Dropped.ShouldBeInRange(sent - 60, sent - 40);
        gate.Set();
        await UntilHandledAsync(slow, sent);
        await UntilHandledAsync(quick, sent);
        await slow.DisposeAsync();
        await quick.DisposeAsync();

        quick.Dropped.ShouldBe(0);
        quick.Received.ShouldBe(sent);
        (slow.Received + slow.Dropped).ShouldBe(sent);
        clients.Measured["dropped"].ShouldBe(slow.Dropped);
    }

    /// <summary>
    /// Waits until each message was handled or dropped: the disposal of a subscription waits two seconds for its handler, which a loaded
    /// machine may exceed.
    /// </summary>
    private static async Task UntilHandledAsync(NatsSubscription subscription, int messages)
    {
        while (subscription.Received + subscription.Dropped < messages)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
