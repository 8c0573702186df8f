using System.Net.WebSockets;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Faults;

public sealed class SessionFaultTests
{
    private const string TooManyConnections = "max_connections: Maximum number of websocket connections exceeded. ";

    // The timeout for silence. A simulator that is only slow, as on a busy machine, must not count as dead.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Session_is_evicted_by_a_close_frame_after_auth()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var fault = await simulator.RequestFaultAsync("""{"fault":"evict","market":"forex","times":1}""");
        await using var first = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        (await first.ReadStatusAsync()).ShouldBe(TooManyConnections);
        (await first.ReadAsync()).ShouldBeNull();
        first.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        await using var second = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await second.SubscribeAsync("C.EUR/USD");
        await second.ReadTicksAsync(Market.Forex, 1);
        var after = await simulator.FaultAsync(fault);
        (after.GetProperty("active").GetBoolean(), after.GetProperty("strikes").GetInt64()).ShouldBe((false, 1));
    }

    [Fact]
    public async Task Session_is_evicted_without_a_close_frame()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"evict","when":"acks","how":"abort"}""");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.IBM", "Q.IBM");

        (await client.ReadStatusAsync()).ShouldBe(TooManyConnections);
        while (await client.ReadTickAsync(Market.Stock) is not null)
        {
            // Skips ticks, also of a frame that the simulator was building when it sent the status.
        }

        client.CloseStatus.ShouldBeNull();
    }

    [Fact]
    public async Task Only_existing_sessions_of_a_market_are_evicted()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var forex = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await using var stocks = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        var evictedStatus = forex.ReadStatusAsync();

        await simulator.RequestFaultAsync("""{"fault":"evict","when":"now","market":"forex","how":"abort"}""");

        (await evictedStatus).ShouldBe(TooManyConnections);
        (await forex.ReadAsync()).ShouldBeNull();
        await stocks.SubscribeAsync("T.IBM");
        await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
    }

    [Theory]
    [InlineData("newest", false)]
    [InlineData("oldest", true)]
    public async Task Session_above_the_limit_of_its_market_is_evicted(string which, bool newestStays)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync($$"""{"fault":"connection-limit","limit":1,"which":"{{which}}","how":"abort"}""");
        await using var oldest = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await using var otherMarketClient = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        var oldestStatus = oldest.ReadStatusAsync();
        await using var newest = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        if (newestStays)
        {
            (await oldestStatus).ShouldBe(TooManyConnections);
            await newest.SubscribeAsync("C.EUR/USD");
        }
        else
        {
            (await newest.ReadStatusAsync()).ShouldBe(TooManyConnections);
            await oldest.SendAsync("subscribe", "C.EUR/USD");
            (await oldestStatus).ShouldBe("success: subscribed to: C.EUR/USD");
        }

        await otherMarketClient.SubscribeAsync("T.IBM");
    }

    [Fact]
    public async Task Limit_applied_later_ends_sessions_above_it()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var first = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await using var second = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        var evictedStatus = second.ReadStatusAsync();

        await simulator.RequestFaultAsync("""{"fault":"connection-limit","limit":1,"how":"abort"}""");

        (await evictedStatus).ShouldBe(TooManyConnections);
        await first.SubscribeAsync("C.EUR/USD");
        (await simulator.JsonAsync("/api/v1/connections")).EnumerateArray()
            .Count(session => session.GetProperty("channels").GetInt32() == 1).ShouldBe(1);
    }

    [Fact]
    public async Task Broken_connection_misses_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await client.ReadTicksAsync(Market.Forex, 100);

        await simulator.RequestFaultAsync("""{"fault":"drop"}""");

        while (await client.ReadAsync() is not null)
        {
            // Skips frames that were already in flight.
        }

        client.State.ShouldBe(WebSocketState.Aborted);
        await simulator.UntilAsync(
            symbols => symbols.TryGetProperty("EURUSD", out var euro) && euro.GetProperty("missed").GetInt64() > 1_000);
    }

    [Fact]
    public async Task Only_the_named_connection_breaks()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var first = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await using var second = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        var ids = (await simulator.JsonAsync("/api/v1/connections")).EnumerateArray()
            .Select(session => session.GetProperty("id").GetInt64()).ToList();

        await simulator.RequestFaultAsync($$"""{"fault":"drop","connection":{{ids[0]}}}""");

        (await first.ReadAsync()).ShouldBeNull();
        await second.SubscribeAsync("C.EUR/USD");
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("auth")]
    [InlineData("acks")]
    public async Task Connection_breaks_after_the_requested_step(string step)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync($$"""{"fault":"drop","when":"{{step}}","times":1}""");
        await using var client = await simulator.ConnectAsync("forex");

        if (step != "connect")
            await client.AuthenticateAsync();
        if (step == "acks")
            await client.SubscribeAsync("C.EUR/USD");
        while (await client.ReadAsync() is not null)
        {
            // Skips ticks that arrived before the connection broke.
        }

        client.CloseStatus.ShouldBeNull();
        await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
    }

    [Theory]
    [InlineData("key", "auth_failed: authentication failed")]
    [InlineData("plan", "auth_failed: Your plan doesn't include websocket access to this market")]
    public async Task Auth_failure_fault_refuses_a_valid_key(string reason, string response)
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=right");
        await simulator.RequestFaultAsync($$"""{"fault":"auth-failure","reason":"{{reason}}","times":1}""");
        await using var client = await simulator.ConnectAsync("stocks");
        await client.ReadStatusAsync();

        await client.SendAsync("auth", "right");

        (await client.ReadStatusAsync()).ShouldBe(response);
        (await client.ReadAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBeNull();
        await (await simulator.ConnectAsync("stocks")).AuthenticateAsync("right");
    }

    [Fact]
    public async Task Silent_connection_responds_but_gets_no_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        var fault = await simulator.RequestFaultAsync("""{"fault":"silence","times":1}""");
        await using var client = await FeedClient.ConnectAsync(
            new UriBuilder(simulator.Address) { Scheme = "ws", Path = "forex" }.Uri, MaxWait);
        await client.AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await simulator.UntilAsync(
            symbols => symbols.TryGetProperty("EURUSD", out var euro) && euro.GetProperty("missed").GetInt64() > 30_000);

        await client.SubscribeAsync("C.USD/JPY");
        (await simulator.SentAsync()).GetProperty("symbols").EnumerateObject()
            .ShouldAllBe(symbol => symbol.Value.GetProperty("sent").GetInt64() == 0);
        await using var other = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await other.SubscribeAsync("C.EUR/USD");
        await other.ReadTicksAsync(Market.Forex, 1);

        await simulator.DeleteAsync($"/api/v1/faults/{fault}");
        await client.ReadTicksAsync(Market.Forex, 1);
    }

    [Fact]
    public async Task Silenced_symbol_gets_no_ticks_while_others_continue()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await simulator.RequestFaultAsync("""{"fault":"silence","market":"forex","symbols":["EURUSD"]}""");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");

        (await client.ReadTicksAsync(Market.Forex, 500)).ShouldAllBe(tick => tick.Symbol == "USDJPY");
    }

    [Fact]
    public async Task Dead_connection_answers_no_pings_until_the_fault_is_cleared()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var address = new UriBuilder(simulator.Address) { Scheme = "ws", Path = "forex" }.Uri;
        await using var dead = await FeedClient.ConnectAsync(address, MaxWait);
        await dead.AuthenticateAsync();
        await dead.SubscribeAsync("C.EUR/USD");
        await using var revived = await (await FeedClient.ConnectAsync(address)).AuthenticateAsync();

        await simulator.RequestFaultAsync("""{"fault":"dead"}""");
        await revived.SendAsync("subscribe", "C.USD/JPY");
        while (await dead.ReadAsync() is not null)
        {
            // Reads until the client itself gives up because no pong arrived.
        }

        dead.State.ShouldBe(WebSocketState.Aborted);
        await simulator.DeleteAsync("/api/v1/faults");
        (await revived.ReadStatusAsync()).ShouldBe("success: subscribed to: C.USD/JPY");
    }

    [Fact]
    public async Task Slow_client_is_dropped_and_delays_no_other()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await using var slow = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await using var quick = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        var id = (await simulator.JsonAsync("/api/v1/connections"))[0].GetProperty("id").GetInt64();
        await simulator.RequestFaultAsync($$"""{"fault":"slow-consumer","connection":{{id}},"bytes":2000000,"bytes_per_second":1000}""");
        await quick.SubscribeAsync("C.EUR/USD");
        await slow.SubscribeAsync("C.EUR/USD");

        await quick.ReadTicksAsync(Market.Forex, 10_000);
        var receivedTicks = 0;
        while (await slow.ReadTickAsync(Market.Forex) is not null)
            receivedTicks++;

        receivedTicks.ShouldBeInRange(1, 2_500);
        slow.CloseStatus.ShouldBeNull();
    }

    [Fact]
    public async Task Stalled_client_is_dropped_when_buffers_are_full()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=400000");
        await simulator.RequestFaultAsync("""{"fault":"slow-consumer","bytes":1000000}""");
        await using var slow = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await slow.SendAsync("subscribe", "Q.*");

        while ((await simulator.JsonAsync("/api/v1/connections")).GetArrayLength() > 0)
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();

        (await simulator.SentAsync()).GetProperty("symbols").EnumerateObject().Sum(symbol => symbol.Value.GetProperty("sent").GetInt64())
            .ShouldBeGreaterThan(5_000);
    }
}
