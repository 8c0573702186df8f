using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

public sealed class NatsCredentialsTests
{
    // With the default timeout of two seconds, the server on a loaded machine may refuse for another reason than the tests expect.
    private const string Users = "authorization { user: ticks, password: \"right-canary\", timeout: 60 }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Correct_password_connects()
    {
        await using var server = await NatsTestServer.StartNewAsync(Users);
        await using var clients = new Clients();
        var publisher = clients.Publisher($"nats://ticks:right%2Dcanary@127.0.0.1:{server.Port}");
        var subscriber = clients.Subscriber($"nats://ticks:right-canary@127.0.0.1:{server.Port}");

        await publisher.WaitUntilConnectedAsync(Cancellation);
        await subscriber.ReadyAsync(Cancellation);
    }

    [Fact]
    public async Task Wrong_password_is_reported_until_corrected_but_not_repeated()
    {
        await using var server = await NatsTestServer.StartNewAsync(Users);
        await using var clients = new Clients();
        var shortWait = TimeSpan.FromMilliseconds(50);
        var publisher = clients.Publisher(
            $"nats://ticks:wrong-canary@127.0.0.1:{server.Port}", settings => settings with { RefusedWait = shortWait });
        var subscriber = clients.Subscriber(
            $"nats://ticks:wrong-canary@127.0.0.1:{server.Port}", settings => settings with { RefusedWait = shortWait });

        await clients.LineAsync("refuses the user name", count: 2, Cancellation);
        var exception = await Should.ThrowAsync<MessagingException>(async () => await publisher.PublishAsync("a"u8, "1"u8));
        var settings = NatsConnectionSettings.Parse($"nats://ticks:wrong-canary@127.0.0.1:{server.Port}");
        var health = await new NatsHealthCheck(settings, () => subscriber.Problem).CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("nats", _ => null!, HealthStatus.Unhealthy, null) },
            Cancellation);

        health.Status.ShouldBe(HealthStatus.Unhealthy);
        string[] texts =
            [.. clients.Lines, exception.ToString(), health.Description!, publisher.Problem!, subscriber.Problem!, settings.ToString()];
        texts.ShouldAllBe(text => !text.Contains("canary", StringComparison.Ordinal));
        health.Description!.ShouldContain("refuses the user name");
        exception.Message.ShouldContain("refuses the user name");

        await server.KillAsync();
        await using var openServer = await server.StartWithAsync("");
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await subscriber.ReadyAsync(Cancellation);
    }

    [Fact]
    public async Task Clients_connect_after_many_refusals()
    {
        const int refusals = 20;
        var shortWait = TimeSpan.FromMilliseconds(20);
        await using var clients = new Clients();
        await using var server = await NatsTestServer.StartNewAsync(Users);
        var url = $"nats://ticks:right-canary@127.0.0.1:{server.Port}";
        var publisher = clients.Publisher(url, settings => settings with { RefusedWait = shortWait, ReconnectWait = shortWait });
        var subscriber = clients.Subscriber(url, settings => settings with { RefusedWait = shortWait, ReconnectWait = shortWait });
        var signal = new Signal(1);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await subscriber.ReadyAsync(Cancellation);
        var (generation, subscriberGeneration) = (publisher.Generation, subscriber.Generation);

        await server.KillAsync();
        while (publisher.IsConnected || subscriber.IsConnected)
            await Task.Delay(shortWait, TimeProvider.System, Cancellation);
        await using (var rotatedServer = await server.StartWithAsync(Users.Replace("right", "other", StringComparison.Ordinal)))
        {
            await rotatedServer.LineAsync("authentication error", refusals, Cancellation);
            publisher.IsConnected.ShouldBeFalse();
            subscriber.IsConnected.ShouldBeFalse();
        }

        await server.StartAsync();
        await subscriber.ReadyAsync(Cancellation);
        await publisher.WaitUntilConnectedAsync(Cancellation);
        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await signal.Reached.WaitAsync(Cancellation);
        await clients.LineAsync("Connected to NATS at", count: 4, Cancellation); // the subscriber counts a reconnection before this line
        publisher.Generation.ShouldBe(generation + 1);
        subscriber.Generation.ShouldBe(subscriberGeneration + 1);
    }
}
