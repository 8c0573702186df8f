using System.Net;
using CloudTicks.Relay.Tests.Archive;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>The first subscription after a pause is acknowledged when the archive is open.</summary>
public sealed class PausedTailTests : ArchiveHubTests
{
    [Fact]
    public async Task Waiting_subscription_gets_a_status_with_the_reason()
    {
        await using var relay = await RelayHost.StartAsync($"ConnectionStrings:eventhubs={Hub.BootstrapServers}");
        while (!(await relay.StatusAsync()).GetProperty("archive").GetProperty("paused").GetBoolean())
            await Task.Yield();
        (await relay.Http.GetAsync("/health", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var client = await relay.OpenAsync("forex");
        await Hub.KillAsync();

        await client.SendAsync("subscribe", "C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldNotBeNull().ShouldStartWith("error: not subscribed yet");
        // The tail notices the outage at another time than the session.
        while ((await relay.Http.GetAsync("/health", Cancellation)).StatusCode != HttpStatusCode.ServiceUnavailable)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        await Hub.RestartAsync(Cancellation);

        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: C.EUR/USD");
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await writer.WriteAsync([new TestTick(TestTick.SymbolOf("EURUSD"), 1, StartMs)], Cancellation);
        (await client.ReadAsync()).ShouldNotBeNull().GetProperty("p").GetString().ShouldBe("EUR/USD");
    }
}
