using System.Text.Json;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Simulator.Tests.Replay;

public sealed class ReplayTests : IDisposable
{
    private static readonly long Day = new DateTimeOffset(2014, 5, 8, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly ReplayFolder _files = new();

    [Fact]
    public async Task Currency_rows_are_sent_in_order_as_recorded()
    {
        var file = _files.Zip("20140508_eurusd_tick_quote.csv", "8715,1.39101,1.39114", "8715,1.39101,1.39114", "8715,1.39102,1.391160",
            "15686,1.39104,1.39118");

        var (received, sent) = await ReplayAsync("forex", ["C.EUR/USD"], 4, $"Replay:0={file}", "Speed=max", "Timestamps=kept");

        received.Select(
            tick => (tick.TimestampMs - Day, tick.Event.GetProperty("b").GetRawText(), tick.Event.GetProperty("a").GetRawText())).ShouldBe(
            [(8715L, "1.39101", "1.39114"), (8715L, "1.39101", "1.39114"), (8715L, "1.39102", "1.39116"), (15686L, "1.39104", "1.39118")]);
        SentTests.Verify(sent, received, "forex", "quote");
        sent.GetProperty("symbols").GetProperty("EURUSD").GetProperty("distinct").GetInt64().ShouldBe(3);
        sent.GetProperty("finished").GetBoolean().ShouldBeTrue();
        sent.GetProperty("sending").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Fractions_of_a_millisecond_are_truncated()
    {
        var file = _files.Csv(
            "20140508_xauusd_Quote_Tick.csv", "42.4312,1290.33,1290.66", "42.999,1290.31,1290.66", "48,1290.304,1290.653");

        var (received, _) = await ReplayAsync("forex", ["C.XAU/USD"], 3, $"Replay:0={file}", "Speed=max", "Timestamps=kept");

        received.Select(tick => tick.TimestampMs - Day).ShouldBe([42L, 42L, 48L]);
    }

    [Fact]
    public async Task Stock_trades_have_their_line_number_as_sequence_and_id()
    {
        var file = _files.Zip(
            "20131009_spy_Trade_Tick.csv", "14400924,1659800,600,P,2000,0", "14400924,1659800,600,P,2000,0", "14415902,1660001,100,Q,0,0");
        // New York is four hours behind UTC in summer.
        var midnight = new DateTimeOffset(2013, 10, 9, 4, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

        var (received, sent) = await ReplayAsync("stocks", ["T.SPY"], 3, $"Replay:0={file}", "Speed=max", "Timestamps=kept");

        received.Select(tick => tick.Text).ShouldBe(
        [
            $$"""{"ev":"T","sym":"SPY","x":11,"i":"1","p":165.98,"s":600,"c":[14],"t":{{midnight + 14400924}},"q":1}""",
            $$"""{"ev":"T","sym":"SPY","x":11,"i":"2","p":165.98,"s":600,"c":[14],"t":{{midnight + 14400924}},"q":2}""",
            $$"""{"ev":"T","sym":"SPY","x":12,"i":"3","p":166.0001,"s":100,"t":{{midnight + 14415902}},"q":3}""",
        ]);
        SentTests.Verify(sent, received, "stock", "trade");
        sent.GetProperty("symbols").GetProperty("SPY").GetProperty("distinct").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Stock_quote_row_is_completed_with_the_latest_other_side()
    {
        var file = _files.Zip(
            "20131009_aig_Quote_Tick.csv", "14400521,475000,200,0,0,P,1,0", "14400521,0,0,484800,3000,P,1,0",
            "14400522,0,0,480000,100,Q,8,0", "14400523,475100,300,0,0,P,1,0");

        var (received, sent) = await ReplayAsync("stocks", ["Q.AIG"], 4, $"Replay:0={file}", "Speed=max");

        received.Select(tick => WithoutTime(tick.Text)).ShouldBe(
        [
            """{"ev":"Q","sym":"AIG","bx":11,"bp":47.5,"bs":200,"c":1,"q":1}""",
            """{"ev":"Q","sym":"AIG","bx":11,"bp":47.5,"bs":200,"ax":11,"ap":48.48,"as":3000,"c":1,"q":2}""",
            """{"ev":"Q","sym":"AIG","ax":12,"ap":48,"as":100,"c":4,"q":3}""",
            """{"ev":"Q","sym":"AIG","bx":11,"bp":47.51,"bs":300,"ax":11,"ap":48.48,"as":3000,"c":1,"q":4}""",
        ]);
        SentTests.Verify(sent, received, "stock", "quote");
    }

    [Fact]
    public async Task Times_are_shifted_by_one_constant()
    {
        var file = _files.Zip("20140508_eurusd_tick_quote.csv", "1000,1.1,1.2", "1500,1.1,1.2", "3000,1.1,1.2");

        var before = NowMs();
        var (received, sent) = await ReplayAsync("forex", ["C.EUR/USD"], 3, $"Replay:0={file}", "Speed=10");

        received.Select(tick => tick.TimestampMs - received[0].TimestampMs).ShouldBe([0L, 500L, 2000L]);
        // The recorded ticks span two seconds. At tenfold speed the replay takes 200 ms, so it began 200 ms before the last tick's time.
        (received[2].TimestampMs - 200).ShouldBeInRange(before, sent.GetProperty("first_tick_ms").GetInt64());
    }

    [Fact]
    public async Task Times_at_full_speed_end_at_the_start_time()
    {
        var before = NowMs();
        var file = _files.Zip("20140508_eurusd_tick_quote.csv", "1000,1.1,1.2", "86000000,1.1,1.2");

        var (received, sent) = await ReplayAsync("forex", ["C.EUR/USD"], 2, $"Replay:0={file}", "Speed=max");

        received[1].TimestampMs.ShouldBeInRange(before, sent.GetProperty("first_tick_ms").GetInt64());
        (received[1].TimestampMs - received[0].TimestampMs).ShouldBe(85_999_000);
    }

    [Fact]
    public async Task Several_files_are_merged_by_time_of_day()
    {
        var euro = _files.Zip("20140508_eurusd_tick_quote.csv", "1000,1.1,1.2", "3000,1.1,1.3");
        var gold = _files.Zip("20140509_xauusd_tick_quote.csv", "2000,1290.1,1290.2", "4000,1290.1,1290.3");
        await using var simulator = await SimulatorHost.StartAsync($"Replay:0={euro}", $"Replay:1={gold}", "Speed=max");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.GBP/USD");
        (await simulator.SentAsync()).GetProperty("symbols").EnumerateObject().ShouldBeEmpty();

        // At full speed ticks may arrive before the acknowledgement, which ReadTicksAsync skips.
        await client.SendAsync("subscribe", "C.XAU/USD");
        var received = await client.ReadTicksAsync(Market.Forex, 4);

        received.Select(tick => tick.Symbol).ShouldBe(["EURUSD", "XAUUSD", "EURUSD", "XAUUSD"]);
    }

    [Fact]
    public async Task Files_can_be_set_as_one_list_of_paths()
    {
        var euro = _files.Zip("20140508_eurusd_tick_quote.csv", "1000,1.1,1.2");
        var gold = _files.Zip("20140508_xauusd_tick_quote.csv", "2000,1290.1,1290.2");

        var (received, _) = await ReplayAsync("forex", ["C.*"], 2, $"Replay={euro}{Path.PathSeparator}{gold}", "Speed=max");

        received.Select(tick => tick.Symbol).ShouldBe(["EURUSD", "XAUUSD"]);
    }

    [Fact]
    public async Task Full_speed_pauses_without_subscribers()
    {
        var file = _files.Csv(
            "20140508_eurusd_tick_quote.csv", [.. Enumerable.Range(0, 400_000).Select(row => $"{row},1.{10_000 + row},2.2")]);
        await using var simulator = await SimulatorHost.StartAsync($"Replay:0={file}", "Speed=max", "Timestamps=kept");
        long lastMs;
        await using (var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync())
        {
            await client.SubscribeAsync("C.EUR/USD");
            await client.ReadTicksAsync(Market.Forex, 1_000);
            await client.SendAsync("unsubscribe", "C.EUR/USD");
            // Reads nothing before the simulator has unsubscribed the channel: until then, ticks would be sent at full speed.
            while ((await simulator.JsonAsync("/api/v1/connections"))[0].GetProperty("channels").GetInt32() > 0)
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            lastMs = await ReadUntilStatusAsync(client);
        }

        await using var next = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await next.SubscribeAsync("C.EUR/USD");
        var remainingTicks = await next.ReadTicksAsync(Market.Forex, 1_000);

        (remainingTicks[0].TimestampMs - Day).ShouldBeInRange(1_000, 399_000);
        lastMs.ShouldBeLessThanOrEqualTo(remainingTicks[0].TimestampMs);
        (await simulator.SentAsync()).GetProperty("finished").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("20140508_eurusd_tick_quote.csv", "2", "8715,1.39101,1.39114", "8716,1.39x,1.39114")]
    [InlineData("20140508_eurusd_tick_quote.csv", "2", "8715,1.39101,1.39114", "8714,1.39101,1.39114")]
    [InlineData("20140508_eurusd_tick_quote.csv", "1", "8715,1.39101")]
    [InlineData("20140508_eurusd_tick_quote.csv", "1", "8715,1.39101,1.39102,1")]
    [InlineData("20140508_eurusd_tick_quote.csv", "1", "8715.,1.39101,1.39102")]
    [InlineData("20140508_eurusd_tick_quote.csv", "1", "86400000,1.39101,1.39102")]
    [InlineData("20131009_spy_trade_tick.csv", "1", "14400924,1659800.5,600,P,2000,0")]
    [InlineData("20131009_spy_trade_tick.csv", "1", "14400924,1659800,600,&,2000,0")]
    [InlineData("20131009_spy_trade_tick.csv", "1", "14400924,1659800,600,P,20G0,0")]
    [InlineData("20131009_spy_trade_tick.csv", "1", "14400924,1659800,600,P,2000,2")]
    [InlineData("20131009_spy_quote_tick.csv", "1", "14400924,0,0,0,0,P,1,0")]
    public async Task Malformed_row_fails_the_start_naming_file_and_line(string name, string line, params string[] rows)
    {
        var file = _files.Zip(name, rows);

        (await StartMessageAsync($"Replay:0={file}")).ShouldStartWith($"{file}, line {line}: ");
    }

    [Theory]
    [InlineData("ticks.csv", "is not the name of a tick file")]
    [InlineData("20149908_eurusd_tick_quote.csv", "is not the name of a tick file")]
    [InlineData("20140508_eurusd_tick_trade.csv", "can be replayed")]
    [InlineData("20140508_eurusd_tick_quote.csv", "contains no ticks")]
    public async Task Invalid_file_fails_the_start(string name, string sentence) =>
        (await StartMessageAsync($"Replay:0={_files.Zip(name)}")).ShouldContain(sentence);

    [Fact]
    public async Task Missing_file_fails_the_start() =>
        (await StartMessageAsync("Replay:0=/nowhere/20140508_eurusd_tick_quote.csv")).ShouldContain("cannot be replayed");

    [Fact]
    public async Task Two_files_of_one_symbol_and_kind_fail_the_start()
    {
        var first = _files.Zip("20140508_eurusd_tick_quote.csv", "1,1.1,1.2");
        var second = _files.Zip("20140509_EURUSD_quote_tick.csv", "1,1.1,1.2");

        (await StartMessageAsync($"Replay:0={first}", $"Replay:1={second}")).ShouldContain("contain Quotes of EURUSD");
    }

    public void Dispose() => _files.Dispose();

    private static async Task<(List<ReceivedTick> Received, JsonElement Sent)> ReplayAsync(
        string market, string[] channels, int count, params string[] settings)
    {
        await using var simulator = await SimulatorHost.StartAsync(settings);
        await using var client = await (await simulator.ConnectAsync(market)).AuthenticateAsync();
        await client.SendAsync("subscribe", string.Join(',', channels));
        var received = await client.ReadTicksAsync(market == "forex" ? Market.Forex : Market.Stock, count);
        JsonElement sent;
        do
        {
            sent = await simulator.SentAsync();
        }
        while (!sent.GetProperty("finished").GetBoolean());
        return (received, sent);
    }

    private static async Task<string> StartMessageAsync(params string[] settings)
    {
        await using var app = SimulatorHost.Build("http://127.0.0.1:0", settings);
        return (await Should.ThrowAsync<StartException>(() => app.StartAsync(TestContext.Current.CancellationToken))).Message;
    }

    /// <summary>The time of the last tick before the acknowledgement.</summary>
    private static async Task<long> ReadUntilStatusAsync(FeedClient client)
    {
        var lastMs = 0L;
        while (await client.ReadAsync() is { } element && element.GetProperty("ev").GetString() != "status")
            lastMs = element.GetProperty("t").GetInt64();
        return lastMs;
    }

    private static string WithoutTime(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\"t\":[0-9]+,", "");

    private static long NowMs() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
