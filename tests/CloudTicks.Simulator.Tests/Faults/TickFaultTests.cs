using System.Text;
using System.Text.Json;
using CloudTicks.Simulator.Tests.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Faults;

public sealed class TickFaultTests
{
    [Fact]
    public async Task Duplicated_events_are_sent_twice_but_count_once_as_generated()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await simulator.RequestFaultAsync("""{"fault":"duplicate","market":"stocks","symbols":["IBM"],"times":25}""");

        var (received, sent) = await ReceiveAsync(simulator, "stocks", Market.Stock, "T.IBM");

        (received.Count - received.Select(tick => tick.Identity).Distinct().Count()).ShouldBe(25);
        sent.GetProperty("sent").GetInt64().ShouldBe(received.Count);
        sent.GetProperty("made").GetInt64().ShouldBe(received.Count - 25);
        sent.GetProperty("missed").GetInt64().ShouldBe(0);
        SentTests.Sum(received.Select(tick => tick.Identity).Distinct()).ShouldBe(sent.GetProperty("made_distinct_sum").GetString());
    }

    [Theory]
    [InlineData("""{"fault":"repeat-sequence","times":5}""", 0)]
    [InlineData("""{"fault":"backward-sequence","by":7,"times":5}""", -6)]
    public async Task Sequence_repeats_or_decreases_for_the_whole_market(string fault, long step)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await simulator.RequestFaultAsync(fault);

        var (received, _) = await ReceiveAsync(simulator, "options", Market.Option, "T.O:SPY251219C00650000");

        received.Zip(received.Skip(1), (before, after) => Sequence(after) - Sequence(before)).Where(of => of <= 0)
            .ShouldBe(Enumerable.Repeat(step, 5));
        (await simulator.TicksAsync("O:SPY251219C00650000", TickKind.Trade)).Select(row => row.Identity)
            .ShouldBe(received.Select(tick => tick.Identity));

        static long Sequence(ReceivedTick tick) => tick.Event.GetProperty("q").GetInt64();
    }

    [Theory]
    [InlineData("forex", Market.Forex, "C.EUR/USD", "C:EUR-USD", "bid", "absent", "b", "a")]
    [InlineData("stocks", Market.Stock, "Q.IBM", "IBM", "ask", "absent", "ap", "bp")]
    [InlineData("stocks", Market.Stock, "Q.IBM", "IBM", "ask", "zero", "ap", "bp")]
    public async Task Quotes_have_one_side(
        string path, Market market, string channel, string ticker, string side, string how, string left, string taken)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await simulator.RequestFaultAsync($$"""{"fault":"one-sided","side":"{{side}}","how":"{{how}}","times":10}""");

        var (received, _) = await ReceiveAsync(simulator, path, market, channel);

        received.ShouldAllBe(tick => tick.Event.GetProperty(left).GetDecimal() > 0);
        received.Select(tick => HasSide(tick.Event)).ShouldBe(received.Select((_, index) => index >= 10));
        received.Count(tick => tick.Event.TryGetProperty(taken, out _)).ShouldBe(how == "zero" ? received.Count : received.Count - 10);
        (await simulator.TicksAsync(ticker, TickKind.Quote)).Select(row => row.Identity).ShouldBe(received.Select(tick => tick.Identity));

        bool HasSide(JsonElement quote) => quote.TryGetProperty(taken, out var price) && price.GetDecimal() > 0;
    }

    [Theory]
    [InlineData("exponent")]
    [InlineData("string")]
    public async Task Numbers_in_another_format_have_the_same_value(string how)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await simulator.RequestFaultAsync($$"""{"fault":"numbers","how":"{{how}}"}""");

        var (received, sent) = await ReceiveAsync(simulator, "crypto", Market.Crypto, "XT.SHIB-USD", "XQ.SHIB-USD");

        if (how == "string")
            received.ShouldAllBe(tick => tick.Event.EnumerateObject().All(field => field.Value.ValueKind != JsonValueKind.Number));
        else
            received.ShouldAllBe(
                tick => tick.Event.EnumerateObject().Any(field => field.Value.GetRawText().Contains("e-", StringComparison.Ordinal)));
        SentTests.Sum(received.Select(tick => tick.Identity)).ShouldBe(sent.GetProperty("sum").GetString());
    }

    [Fact]
    public async Task Huge_frame_has_the_requested_size_and_its_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await simulator.RequestFaultAsync("""{"fault":"huge-frame","times":1}""");

        using var frame = JsonDocument.Parse(await client.ReadFrameAsync(text => text.Length == 5 << 20));

        frame.RootElement.EnumerateArray().Select(element => element.GetProperty("ev").GetString()).Distinct().ShouldBe(["C", "padding"]);
    }

    [Fact]
    public async Task Truncated_frame_is_sent_again_complete()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await simulator.RequestFaultAsync("""{"fault":"broken-frame","how":"truncated","times":1}""");

        var cut = await client.ReadFrameAsync(text => !text.EndsWith(']'));
        Should.Throw<JsonException>(() => JsonDocument.Parse(cut));
        var whole = Encoding.UTF8.GetString((await client.ReadFrameAsync()).ShouldNotBeNull().Span);
        whole.ShouldStartWith(cut);
        JsonDocument.Parse(whole).Dispose();
    }

    [Fact]
    public async Task Meaningless_elements_are_sent_around_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await simulator.RequestFaultAsync("""{"fault":"broken-frame","how":"garbage","times":1}""");

        using var frame = JsonDocument.Parse(await client.ReadFrameAsync(text => text.Contains("null", StringComparison.Ordinal)));
        var elements = frame.RootElement.EnumerateArray().ToList();
        elements.Count.ShouldBeGreaterThanOrEqualTo(11);
        elements.ShouldContain(element => element.ValueKind == JsonValueKind.Null);
        elements.Count(element => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("p", out var pair)
            && pair.ToString() == "EUR/USD").ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("utf8")]
    [InlineData("wire")]
    public async Task Frame_broken_at_protocol_level_ends_the_connection(string how)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await simulator.RequestFaultAsync($$"""{"fault":"broken-frame","how":"{{how}}","times":1}""");

        while (await client.ReadFrameAsync() is not null)
        {
            // Skips frames that were sent before the fault.
        }

        await using var again = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await again.SubscribeAsync("C.EUR/USD");
        await again.ReadTicksAsync(Market.Forex, 1);
    }

    private static async Task<(List<ReceivedTick> Received, JsonElement Sent)> ReceiveAsync(
        SimulatorHost simulator, string path, Market market, params string[] channels)
    {
        await using var client = await (await simulator.ConnectAsync(path)).AuthenticateAsync();
        await client.SubscribeAsync(channels);
        var received = await client.ReadTicksAsync(market, 300);
        var sent = (await client.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols").EnumerateObject().Single().Value;
        while (received.Count < sent.GetProperty("sent").GetInt32())
            received.AddRange(await client.ReadTicksAsync(market, 1));
        return (received, sent);
    }
}
