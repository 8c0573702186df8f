using System.Text.Json;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Faults;

public sealed class SubscriptionFaultTests
{
    private static readonly TimeSpan SenderPause = TimeSpan.FromMilliseconds(2);

    [Fact]
    public async Task Message_with_a_refused_symbol_is_refused_completely()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"refuse","symbols":["IBM"]}""");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();

        await client.SendAsync("subscribe", "T.AAPL,T.IBM,T.MSFT");
        (await client.ReadStatusAsync()).ShouldBe("error: not authorized");
        await client.SubscribeAsync("T.AAPL", "T.MSFT");

        (await client.ReadTicksAsync(Market.Stock, 50)).Select(tick => tick.Symbol).Distinct().Order().ShouldBe(["AAPL", "MSFT"]);
    }

    [Fact]
    public async Task Only_channels_named_by_the_fault_are_refused()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"refuse","symbols":["IBM"],"how":"channel","message":"no such thing","times":1}""");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();

        await client.SendAsync("subscribe", "T.AAPL,T.IBM");
        (await client.ReadStatusAsync()).ShouldBe("error: no such thing");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: T.AAPL");
        await client.SubscribeAsync("T.IBM");
    }

    [Fact]
    public async Task Ignored_channels_are_neither_acknowledged_nor_sent()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"ignore","market":"forex","symbols":"EUR/USD","times":1}""");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        await client.SendAsync("subscribe", "C.EUR/USD,C.USD/JPY");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: C.USD/JPY");
        (await client.ReadTicksAsync(Market.Forex, 50)).ShouldAllBe(tick => tick.Symbol == "USDJPY");

        await client.SubscribeAsync("C.EUR/USD");
    }

    [Fact]
    public async Task Message_above_the_channel_limit_is_refused_completely()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"channel-limit","limit":2}""");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.AAPL");

        await client.SendAsync("subscribe", "T.IBM,T.MSFT");
        (await client.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed T.IBM");
        (await client.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed T.MSFT");
        await client.SubscribeAsync("T.IBM");
        await client.SendAsync("subscribe", "T.MSFT");
        (await client.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed T.MSFT");
        await client.SendAsync("unsubscribe", "T.AAPL");
        (await client.ReadStatusAsync()).ShouldBe("success: unsubscribed to: T.AAPL");
        await client.SubscribeAsync("T.MSFT");
    }

    [Fact]
    public async Task Contracts_per_connection_are_limited()
    {
        await using var simulator = await SimulatorHost.StartAsync("MaxContracts=2");
        await using var client = await (await simulator.ConnectAsync("options")).AuthenticateAsync();
        await client.SubscribeAsync("Q.O:SPY251219C00650000", "Q.O:SPY251219P00650000", "T.O:SPY251219C00650000", "T.O:SPY251219P00650000");

        await client.SendAsync("subscribe", "Q.O:SPY251219C00660000");
        (await client.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed Q.O:SPY251219C00660000");
        await client.SubscribeAsync("Q.O:SPY251219C00650000");
        await client.SendAsync("subscribe", "Q.*");
        (await client.ReadStatusAsync()).ShouldBe("error: Subscription limit reached for feed Q.*");
        await client.SubscribeAsync("T.*");
    }

    [Fact]
    public async Task Acknowledgements_are_sent_in_one_frame_with_ticks()
    {
        var time = new TestTime();
        await using var simulator = await SimulatorHost.StartAsync(time, "Rate=20000");
        await simulator.RequestFaultAsync("""{"fault":"mixed"}""");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SendAsync("subscribe", "C.EUR/USD,C.USD/JPY");

        List<string> kinds;
        do
        {
            var reading = client.ReadFrameAsync();
            while (!reading.IsCompleted)
            {
                // Advances only while the sender waits: if a second passed before the next ticks, the statuses would be sent alone.
                await time.UntilTimerAsync(SenderPause, TestContext.Current.CancellationToken);
                time.Advance(SenderPause);
            }

            using var frame = JsonDocument.Parse((await reading).ShouldNotBeNull());
            kinds = [.. frame.RootElement.EnumerateArray().Select(element => element.GetProperty("ev").GetString()!)];
        }
        while (!kinds.Contains("status"));

        kinds.Count(kind => kind == "status").ShouldBe(2);
        kinds.ShouldContain("C");
    }

    [Fact]
    public async Task Acknowledgement_without_ticks_is_sent_alone_after_a_second()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"mixed"}""");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        await client.SubscribeAsync("C.ABC/DEFG");
    }
}
