using System.Net;
using System.Net.WebSockets;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Tests;

public sealed class SessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_subscribed_channel_is_acknowledged_and_sends_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await simulator.ConnectAsync("forex");
        await client.AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.XAU-USD", "C.C:GBP-USD");

        var ticks = await client.ReadTicksAsync(Market.Forex, 30);

        ticks.Select(tick => tick.Symbol).Distinct().Order().ShouldBe(["EURUSD", "GBPUSD", "XAUUSD"]);
        ticks[0].Event.GetProperty("p").GetString()!.ShouldContain('/');
        ticks.ShouldAllBe(tick => tick.Event.GetProperty("x").GetInt32() == 48
            && tick.Event.GetProperty("b").GetDecimal() < tick.Event.GetProperty("a").GetDecimal());
    }

    [Fact]
    public async Task Unsubscribed_channel_sends_no_more_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");
        await client.ReadTicksAsync(Market.Forex, 10);

        await client.SendAsync("unsubscribe", "C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldBe("success: unsubscribed to: C.EUR/USD");
        client.DropTicks();
        // The simulator may have been building a frame already.
        await client.ReadFrameAsync();
        var ticks = await client.ReadTicksAsync(Market.Forex, 50);

        ticks.ShouldAllBe(tick => tick.Symbol == "USDJPY");
    }

    [Fact]
    public async Task Wildcard_subscribes_to_the_fourteen_default_pairs()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.*");

        var ticks = await client.ReadTicksAsync(Market.Forex, 100);

        ticks.Select(tick => tick.Symbol).Distinct().Order().ShouldBe(
            ["AUDJPY", "AUDUSD", "EURGBP", "EURJPY", "EURUSD", "GBPJPY", "GBPUSD", "NZDJPY", "NZDUSD", "USDCAD", "USDCHF", "USDJPY",
                "XAGUSD", "XAUUSD"]);
        // A frame is counted after it is sent.
        await simulator.UntilAsync(symbols => symbols.EnumerateObject().Count() >= 14);
        (await simulator.SentAsync()).GetProperty("symbols").EnumerateObject().Count().ShouldBe(14);
    }

    [Fact]
    public async Task Symbol_unsubscribed_under_a_wildcard_is_still_sent()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.*", "C.EUR/USD");

        await client.SendAsync("unsubscribe", "C.EUR/USD");
        (await client.ReadStatusAsync()).ShouldBe("success: unsubscribed to: C.EUR/USD");
        client.DropTicks();
        // The simulator may have been building a frame already.
        await client.ReadFrameAsync();
        var ticks = await client.ReadTicksAsync(Market.Forex, 500);

        ticks.ShouldContain(tick => tick.Symbol == "EURUSD");
    }

    [Fact]
    public async Task Stock_wildcards_send_trades_and_quotes()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.*", "Q.*", "T.BRK.A");

        var ticks = await client.ReadTicksAsync(Market.Stock, 200);

        ticks.Select(tick => tick.Kind).Distinct().Order().ShouldBe(["Q", "T"]);
        ticks.Select(tick => tick.Symbol).ShouldContain("BRK.A");
        ticks.Select(tick => tick.Identity).Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public async Task Option_wildcard_sends_trades_of_listed_contracts()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=100000");
        await using var client = await (await simulator.ConnectAsync("options")).AuthenticateAsync();
        var listed = (await simulator.JsonAsync("/v3/reference/options/contracts?underlying_ticker=AAPL&contract_type=call&limit=1000"))
            .GetProperty("results").EnumerateArray().Select(contract => contract.GetProperty("ticker").GetString()).ToHashSet();
        await client.SubscribeAsync("T.*");

        var ticks = await client.ReadTicksAsync(Market.Option, 3_000);

        ticks.ShouldAllBe(tick => tick.Kind == "T");
        var symbols = ticks.Select(tick => tick.Symbol).Distinct().ToList();
        symbols.Count.ShouldBeGreaterThan(listed.Count);
        symbols.Where(symbol => symbol.StartsWith("O:AAPL", StringComparison.Ordinal) && symbol["O:AAPL251219".Length] == 'C')
            .Except(listed).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_level_2_book_is_refused()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("crypto")).AuthenticateAsync();

        await client.SendAsync("subscribe", "XL2.BTC-USD,XT.BTC-USD");

        (await client.ReadStatusAsync()).ShouldBe("error: not authorized: level 2 books are discontinued (XL2.BTC-USD)");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: XT.BTC-USD");
    }

    [Fact]
    public async Task Unknown_channel_is_ignored_and_unknown_ticker_silent()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        await client.SendAsync("subscribe", "ZZ.EUR/USD,nonsense,C.ABC/DEFG,CA.EUR/USD");

        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: C.ABC/DEFG");
        (await client.ReadStatusAsync()).ShouldBe("success: subscribed to: CA.EUR/USD");
        await client.SubscribeAsync("C.EUR/USD");
        var ticks = await client.ReadTicksAsync(Market.Forex, 50);
        ticks.ShouldAllBe(tick => tick.Symbol == "EURUSD");
    }

    [Fact]
    public async Task Wrong_key_is_refused_without_a_close_frame()
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=right");
        await using var client = await simulator.ConnectAsync("forex");
        await client.ReadStatusAsync();

        await client.SendAsync("auth", "wrong");

        (await client.ReadStatusAsync()).ShouldBe("auth_failed: authentication failed");
        (await client.ReadAsync()).ShouldBeNull();
        // After a close frame the state would be CloseReceived.
        client.State.ShouldBe(WebSocketState.Aborted);
        await using var other = await simulator.ConnectAsync("forex");
        await other.AuthenticateAsync("right");
    }

    [Fact]
    public async Task Session_without_a_key_in_time_is_ended()
    {
        await using var simulator = await SimulatorHost.StartAsync("AuthTimeout=00:00:00.05");
        await using var client = await simulator.ConnectAsync("crypto");
        await client.ReadStatusAsync();

        (await client.ReadStatusAsync())!.ShouldStartWith("auth_timeout: ");
        (await client.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Authenticated_session_survives_the_authentication_timeout()
    {
        var time = new TestTime();
        await using var simulator = await SimulatorHost.StartAsync(time, "AuthTimeout=00:00:10");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");

        time.Advance(TimeSpan.FromSeconds(11));
        await client.SubscribeAsync("C.GBP/USD");
    }

    [Theory]
    [InlineData("subscribe", "C.EUR/USD", "error: not authorized")]
    [InlineData("dance", "", "error: not understood")]
    public async Task Unexpected_message_gets_a_status(string action, string parameters, string response)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await simulator.ConnectAsync("options");
        await client.ReadStatusAsync();

        await client.SendAsync(action, parameters);
        (await client.ReadStatusAsync())!.ShouldStartWith(response);
        await client.SendTextAsync("[not json");
        (await client.ReadStatusAsync())!.ShouldStartWith("error: not understood");

        await client.SendAsync("auth", "any");
        (await client.ReadStatusAsync())!.ShouldStartWith("auth_success");
        await client.SubscribeAsync("T.O:SPY251219C00650000");
    }

    [Fact]
    public async Task Unknown_market_is_not_found_and_health_responds()
    {
        await using var simulator = await SimulatorHost.StartAsync();

        (await simulator.GetAsync("/futures")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await simulator.GetAsync("/forex")).StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        (await simulator.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false)]
    [InlineData("http://[::]:0", false)]
    [InlineData("http://127.0.0.1:0", true)]
    public async Task Non_loopback_address_needs_a_key(string url, bool starts)
    {
        await using var withoutKey = SimulatorHost.Build(url);
        await using var withKey = SimulatorHost.Build(url, "ApiKey=canary");

        if (starts)
            await withoutKey.StartAsync(Cancellation);
        else
            (await Should.ThrowAsync<StartException>(() => withoutKey.StartAsync(Cancellation))).Message.ShouldContain("Simulator:ApiKey");
        await withKey.StartAsync(Cancellation);
    }

    [Theory]
    [InlineData("Rate=0", "Rate")]
    [InlineData("Speed=fast", "Speed")]
    [InlineData("Timestamps=now", "Timestamps")]
    [InlineData("AuthTimeout=00:00:00", "AuthTimeout")]
    public async Task Invalid_setting_fails_the_start(string setting, string name)
    {
        await using var app = SimulatorHost.Build("http://127.0.0.1:0", setting);

        (await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync(Cancellation))).Message.ShouldContain(
            $"Simulator:{name}");
    }

    [Theory]
    [InlineData("Nope=1", "Nope is not a setting. docs/configuration.md lists all.")]
    [InlineData("Rate=fast", "Simulator__Rate is 'fast', which is not a whole number in range.")]
    public async Task Unreadable_setting_is_named(string setting, string sentence)
    {
        await using var app = SimulatorHost.Build("http://127.0.0.1:0", setting);

        SettingProblem.Describe(await Should.ThrowAsync<InvalidOperationException>(() => app.StartAsync(Cancellation)))
            .ShouldBe([sentence]);
    }
}
