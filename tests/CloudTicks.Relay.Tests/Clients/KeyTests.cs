using System.Net;
using System.Net.WebSockets;
using CloudTicks.CentralHub.Tests.Access;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Clients;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>The keys that open a session, and the limits that the connections of one key share.</summary>
public sealed class KeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_text_opens_a_session_on_loopback_until_the_hub_has_a_key()
    {
        var time = new TestTime();
        await using var hub = await TestHub.StartAsync();
        await using var relay = await RelayHost.StartAsync(time, $"CentralHub:Endpoint={hub.Address}");
        await using (await relay.OpenAsync("stocks", "whatever"))
        {
        }

        hub.Keys["ctk"] = ("research", "reader");
        time.Advance(TimeSpan.FromSeconds(10));

        await using var wrong = await relay.ConnectAsync("stocks");
        await wrong.ReadStatusAsync();
        await wrong.SendAsync("auth", "whatever");
        (await wrong.ReadStatusAsync()).ShouldBe("auth_failed: authentication failed");
        (await wrong.ReadAsync()).ShouldBeNull();
        await using var right = await relay.OpenAsync("stocks", "ctk");
        (await relay.UntilAsync(clients => clients.GetArrayLength() == 1))[0].GetProperty("key").GetString().ShouldBe("research");
    }

    [Fact]
    public async Task Required_keys_guard_sessions_and_the_status()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Keys["ctk"] = ("research", "reader");
        await using var relay = await StartAsync(hub, new TestTime());
        await using var wrong = await relay.ConnectAsync("stocks");
        await wrong.ReadStatusAsync();
        await wrong.SendAsync("auth", "");
        (await wrong.ReadStatusAsync())!.ShouldStartWith("auth_failed");

        await using var right = await relay.OpenAsync("stocks", "ctk");

        (await relay.Http.GetAsync("/api/v1/status", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        relay.Http.DefaultRequestHeaders.Add(ServiceKey.Header, "ctk");
        (await relay.Http.GetAsync("/api/v1/status", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_that_cannot_be_checked_does_not_get_auth_failed()
    {
        await using var hub = await TestHub.StartAsync();
        hub.OverrideResponse = Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        await using var relay = await RelayHost.StartAsync($"CentralHub:Endpoint={hub.Address}", "Listening:RequireKeys=true");
        await using var client = await relay.ConnectAsync("stocks");
        await client.ReadStatusAsync();

        await client.SendAsync("auth", "ctk");

        // The status is not auth_failed, because clients do not retry after that.
        (await client.ReadStatusAsync())!.ShouldStartWith("error: The central hub, which checks keys, does not answer");
        (await client.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Revoked_key_ends_its_own_sessions_only()
    {
        var time = new TestTime();
        await using var hub = await TestHub.StartAsync();
        hub.Keys["one"] = ("research", "reader");
        hub.Keys["two"] = ("trading", "reader");
        await using var relay = await StartAsync(hub, time);
        relay.Http.DefaultRequestHeaders.Add(ServiceKey.Header, "two");
        await using var first = await relay.OpenAsync("stocks", "one");
        await using var second = await relay.OpenAsync("crypto", "one");
        await using var other = await relay.OpenAsync("stocks", "two");
        await first.SubscribeAsync("T.AAPL");

        hub.Keys.TryRemove("one", out _);
        var statuses = Task.WhenAll(first.ReadStatusAsync(), second.ReadStatusAsync());
        await AdvanceUntilAsync(time, () => statuses.IsCompleted);

        (await statuses).ShouldAllBe(status => status == "auth_failed: authentication failed");
        (await first.ReadAsync()).ShouldBeNull();
        (await second.ReadAsync()).ShouldBeNull();

        await other.SubscribeAsync("T.AAPL");
        (await relay.UntilAsync(clients => clients.GetArrayLength() == 1))[0].GetProperty("key").GetString().ShouldBe("trading");
    }

    [Fact]
    public async Task Unavailable_hub_ends_no_open_session()
    {
        var time = new TestTime();
        await using var hub = await TestHub.StartAsync();
        hub.Keys["one"] = ("research", "reader");
        await using var relay = await StartAsync(hub, time);
        await using var client = await relay.OpenAsync("stocks", "one");
        hub.OverrideResponse = Results.StatusCode(StatusCodes.Status503ServiceUnavailable);

        var before = hub.RequestCount;
        for (var checks = 1; checks <= 2; checks++)
            await AdvanceUntilAsync(time, () => hub.RequestCount >= before + checks);

        await client.SubscribeAsync("T.AAPL");
    }

    [Fact]
    public async Task Connection_above_the_key_limit_ends_as_on_the_real_feed()
    {
        await using var relay = await RelayHost.StartAsync("Relay:MaxConnectionsPerKey=2");
        await using var first = await relay.OpenAsync("stocks");
        await using var second = await relay.OpenAsync("crypto");

        await using var third = await relay.OpenAsync("stocks");

        (await third.ReadStatusAsync()).ShouldBe("max_connections: Maximum number of websocket connections exceeded. ");
        (await third.ReadAsync()).ShouldBeNull();
        third.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        await third.DisposeAsync();
        await first.SubscribeAsync("T.AAPL");
        await second.DisposeAsync();
        await relay.UntilAsync(clients => clients.GetArrayLength() == 1);
        await using var fourth = await relay.OpenAsync("stocks");
        await fourth.SubscribeAsync("T.AAPL");
    }

    [Fact]
    public async Task Connection_above_the_total_limit_is_refused()
    {
        await using var relay = await RelayHost.StartAsync("Relay:MaxClients=1");
        await using var first = await relay.OpenAsync("stocks");

        await Should.ThrowAsync<WebSocketException>(() => relay.ConnectAsync("stocks"));
    }

    [Fact]
    public async Task Channels_above_the_limit_of_a_key_are_refused()
    {
        await using var relay = await RelayHost.StartAsync("Relay:MaxSymbolsPerKey=3");
        await using var first = await relay.OpenAsync("stocks");
        await using var second = await relay.OpenAsync("stocks");
        await first.SubscribeAsync("T.AAPL", "T.MSFT");

        await second.SendAsync("subscribe", "T.IBM,T.NVDA");
        (await second.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed T.IBM");
        (await second.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed T.NVDA");
        await first.SendAsync("unsubscribe", "T.AAPL");
        await first.ReadStatusAsync();

        await second.SubscribeAsync("T.IBM", "T.NVDA");
    }

    [Fact]
    public async Task Subscriptions_above_the_rate_of_a_key_are_refused()
    {
        await using var relay = await RelayHost.StartAsync("Relay:RequestsPerSecond=1");
        await using var client = await relay.OpenAsync("stocks");

        string status;
        do
        {
            await client.SendAsync("subscribe", "T.AAPL");
            status = (await client.ReadStatusAsync()).ShouldNotBeNull();
        }
        while (status == "success: subscribed to: T.AAPL");

        status.ShouldBe("error: too many requests: the limit is 1 per second");
    }

    /// <summary>Starts a relay that requires keys. Its timeout of 3 s for the central hub is measured by the given clock.</summary>
    private static Task<RelayHost> StartAsync(TestHub hub, TestTime time) =>
        RelayHost.StartAsync(time, $"CentralHub:Endpoint={hub.Address}", "Listening:RequireKeys=true");

    /// <summary>Advances the clock to the next check of all keys, until a condition is met.</summary>
    private static async Task AdvanceUntilAsync(TestTime time, Func<bool> isMet)
    {
        while (!isMet())
        {
            time.Advance(TimeSpan.FromSeconds(10));
            // Another step is needed only if the relay did not wait for its next check yet. Delay it, because it would also expire the
            // relay's timeouts for the central hub and its clients.
            var steppedAt = TimeProvider.System.GetTimestamp();
            while (!isMet() && TimeProvider.System.GetElapsedTime(steppedAt) < TimeSpan.FromSeconds(30))
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
