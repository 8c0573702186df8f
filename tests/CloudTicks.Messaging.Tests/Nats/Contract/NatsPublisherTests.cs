using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

/// <summary>The contract of both NATS clients, tested with the client that the build selects.</summary>
public sealed class NatsPublisherTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_arrives_with_its_subject_and_payload()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var received = new TaskCompletionSource<(string Subject, string Payload)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscriber = clients.Subscriber(server.Url);
        subscriber.Subscribe(
            "ticks.*", (subject, payload) => received.SetResult((Encoding.UTF8.GetString(subject), Encoding.UTF8.GetString(payload))));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        await publisher.PublishAsync("ticks.EURUSD"u8, "{\"bid\":1.1}"u8);

        (await received.Task.WaitAsync(Cancellation)).ShouldBe(("ticks.EURUSD", "{\"bid\":1.1}"));
    }

    [Fact]
    public async Task Server_with_another_protocol_is_retried_after_a_wait()
    {
        const int attempts = 4;
        var pause = TimeSpan.FromMilliseconds(100);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var clients = new Clients();
        var started = Stopwatch.GetTimestamp();

        clients.Publisher($"nats://{server.LocalEndpoint}", settings => settings with { ReconnectWait = pause });
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            (await server.AcceptSocketAsync(Cancellation)).Dispose();
        }

        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThanOrEqualTo((attempts - 1) * pause);
    }

    [Fact]
    public async Task Million_confirmed_messages_are_received_in_order()
    {
        const int count = 1_000_000;
        await using var server = await NatsTestServer.StartNewAsync("max_pending: 512MB\nwrite_deadline: \"60s\"");
        await using var clients = new Clients();
        var signal = new Signal(count);
        var outOfOrder = 0L;
        var subscriber = clients.Subscriber(server.Url);
        var subscription = subscriber.Subscribe("ticks.>", (_, payload) =>
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(payload) != signal.Count)
                outOfOrder++;
            signal.Add();
        });
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;

        var payload = new byte[110];
        for (var number = 0L; number < count; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload, number);
            await publisher.PublishAsync("ticks.EURUSD"u8, payload);
        }

        await publisher.ConfirmAsync(generation, Cancellation);
        await signal.Reached.WaitAsync(Cancellation);

        outOfOrder.ShouldBe(0);
        subscription.Dropped.ShouldBe(0);
        clients.Measured["published"].ShouldBe(count);
        clients.Measured["confirmed"].ShouldBe(count);
    }

    [Fact]
    public async Task Confirmation_fails_if_the_server_is_killed_first()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await server.KillAsync();

        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        await server.StartAsync();
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var next = publisher.Generation;
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(next, Cancellation);

        next.ShouldBeGreaterThan(generation);
        clients.Measured["reconnects"].ShouldBe(next - generation);
        clients.Measured["failed"].ShouldBe(1);
    }

    [Fact]
    public async Task Cut_connection_fails_the_old_generations_confirmation()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);

        proxy.Cut();

        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
    }

    [Fact]
    public async Task Confirmation_never_succeeds_for_a_lost_message()
    {
        // Publishing races with the cut; a confirmed message must have reached the server.
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var received = new HashSet<long>();
        var subscriber = clients.Subscriber(server.Url, Clients.WithLongDrain);
        var subscription = subscriber.Subscribe("ticks.>", (_, payload) => received.Add(BinaryPrimitives.ReadInt64LittleEndian(payload)));
        await subscriber.ReadyAsync(Cancellation);
        var publisher = clients.Publisher(proxy.Url);
        var confirmed = new List<long>();
        var payload = new byte[100];
        for (var round = 0L; round < 60; round++)
        {
            await publisher.WaitUntilConnectedAsync(Cancellation);
            var generation = publisher.Generation;
            var cut = Task.Run(proxy.Cut, Cancellation);
            var numbers = Enumerable.Range(0, 200).Select(index => (round * 1000) + index).ToArray();
            try
            {
                foreach (var number in numbers)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(payload, number);
                    await publisher.PublishAsync("ticks.EURUSD"u8, payload);
                }

                await publisher.ConfirmAsync(generation, Cancellation);
                confirmed.AddRange(numbers);
            }
            catch (MessagingException)
            {
                // Without a confirmation there is nothing to check.
            }

            await cut;
        }

        await subscriber.ReadyAsync(Cancellation);
        await subscription.DisposeAsync();
        confirmed.Where(number => !received.Contains(number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Queued_confirmations_fail_with_the_connection()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromSeconds(1) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;

        proxy.Stall();
        var confirmations = Enumerable.Range(0, 3).Select(_ => publisher.ConfirmAsync(generation, Cancellation)).ToArray();

        foreach (var confirmation in confirmations)
        {
            await Should.ThrowAsync<MessagesNotConfirmedException>(confirmation);
        }

        proxy.Flow();
        await Clients.UntilConfirmedAsync(publisher, Cancellation);
    }

    [Fact]
    public async Task Connection_to_a_silent_server_is_closed()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromSeconds(1) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);

        proxy.Stall();

        var exception = await Should.ThrowAsync<MessagesNotConfirmedException>(() => publisher.ConfirmAsync(generation, Cancellation));
        exception.Message.ShouldContain("has not answered");
        proxy.Flow(); // ends an attempt to connect
    }

    [Fact]
    public async Task Connection_to_a_stalled_server_is_closed()
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var proxy = new NatsProxy(server.Port);
        await using var clients = new Clients();
        var publisher = clients.Publisher(proxy.Url, settings => settings with { PingInterval = TimeSpan.FromSeconds(1) });
        await publisher.WaitUntilConnectedAsync(Cancellation);
        proxy.Stall();

        var payload = new byte[100_000];
        await Should.ThrowAsync<MessagingException>(async () =>
        {
            for (var message = 0; message < 10_000; message++)
                await publisher.PublishAsync("ticks.EURUSD"u8, payload);
        });

        proxy.Flow();
        await Clients.UntilConfirmedAsync(publisher, Cancellation);
    }

    [Fact]
    public async Task Server_started_later_is_found()
    {
        await using var server = new NatsTestServer();
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        var subscriber = clients.Subscriber(server.Url);
        var signal = new Signal(1);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        (await Should.ThrowAsync<MessagingException>(
            async () => await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8))).Message.ShouldContain(server.Url);
        publisher.IsConnected.ShouldBeFalse();

        await server.StartAsync();
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await subscriber.ReadyAsync(Cancellation);
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await signal.Reached.WaitAsync(Cancellation);

        publisher.Problem.ShouldBeNull();
        subscriber.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Too_large_payload_is_rejected_and_the_connection_stays()
    {
        await using var server = await NatsTestServer.StartNewAsync("max_payload: 1000");
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        var generation = publisher.Generation;

        var exception = await Should.ThrowAsync<MessagingException>(
            async () => await publisher.PublishAsync("ticks.EURUSD"u8, new byte[1001]));

        exception.Message.ShouldContain("max_payload");
        await publisher.ConfirmAsync(generation, Cancellation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ticks.EUR USD")]
    [InlineData("ticks.\r\nPUB")]
    public async Task Invalid_subject_is_rejected(string subject)
    {
        await using var server = await NatsTestServer.StartNewAsync();
        await using var clients = new Clients();
        var publisher = clients.Publisher(server.Url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        await Should.ThrowAsync<ArgumentException>(async () => await publisher.PublishAsync(Encoding.UTF8.GetBytes(subject), "1"u8));
    }
}
