using System.Globalization;
using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests;

public sealed class SentTests
{
    [Fact]
    public async Task Counts_and_sums_match_the_received_ticks()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");
        var received = await client.ReadTicksAsync(Market.Forex, 5_000);

        var sent = await client.ReadWhileAsync(simulator.StopAsync());
        var missing = sent.GetProperty("symbols").EnumerateObject()
            .Sum(symbol => symbol.Value.GetProperty("sent").GetInt64()) - received.Count;
        received.AddRange(await client.ReadTicksAsync(Market.Forex, (int)missing));

        Verify(sent, received, "forex", "quote");
        sent.GetProperty("sending").GetBoolean().ShouldBeFalse();
        sent.GetProperty("finished").GetBoolean().ShouldBeFalse();
        sent.GetProperty("first_tick_ms").GetInt64().ShouldBeInRange(received[0].TimestampMs, received[^1].TimestampMs + 1);
        (await simulator.SentAsync()).ToString().ShouldBe(sent.ToString());
    }

    [Fact]
    public async Task Minutes_count_generated_ticks_within_a_time_range()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");
        var first = (await client.ReadTicksAsync(Market.Forex, 2_000))[0].TimestampMs;

        var sent = await client.ReadWhileAsync(simulator.StopAsync());
        var minutes = await simulator.JsonAsync($"/api/v1/minutes?from={first - 60_000}&to={first + 600_000}");

        minutes.GetArrayLength().ShouldBe(2);
        foreach (var series in minutes.EnumerateArray())
        {
            var symbolCounts = sent.GetProperty("symbols").GetProperty(series.GetProperty("symbol").GetString()!);
            series.GetProperty("kind").GetString().ShouldBe("quote");
            series.GetProperty("minutes").EnumerateArray().Sum(minute => minute.GetProperty("distinct").GetInt64())
                .ShouldBe(symbolCounts.GetProperty("made_distinct").GetInt64());
            series.GetProperty("minutes").EnumerateArray()
                .Aggregate(0UL, (sum, minute) => unchecked(sum
                    + ulong.Parse(minute.GetProperty("distinct_sum").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
                .ToString("x16", CultureInfo.InvariantCulture).ShouldBe(symbolCounts.GetProperty("made_distinct_sum").GetString());
        }

        (await simulator.JsonAsync($"/api/v1/minutes?from={first - 60_000}&to={first - 30_000}"))[0].GetProperty("minutes").GetArrayLength()
            .ShouldBe(0);
        (await simulator.GetAsync("/api/v1/minutes?from=2&to=1")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tick_sent_to_two_sessions_is_counted_once()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=10000");
        await using var first = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await using var second = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await second.SubscribeAsync("T.IBM");
        await first.SubscribeAsync("T.IBM");
        var toFirst = await first.ReadTicksAsync(Market.Stock, 500);

        var sent = await second.ReadWhileAsync(first.ReadWhileAsync(simulator.StopAsync()));
        var count = sent.GetProperty("symbols").GetProperty("IBM").GetProperty("sent").GetInt32();
        var toSecond = await second.ReadTicksAsync(Market.Stock, count);

        Verify(sent, toSecond, "stock", "trade");
        toSecond.Select(tick => tick.Identity).Intersect(toFirst.Select(tick => tick.Identity)).Count().ShouldBe(toFirst.Count);
    }

    [Fact]
    public async Task Nothing_is_sent_without_subscribers()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();

        var sent = await simulator.StopAsync();

        sent.GetProperty("symbols").EnumerateObject().ShouldBeEmpty();
        sent.GetProperty("first_tick_ms").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    internal static void Verify(JsonElement sent, IReadOnlyCollection<ReceivedTick> received, string market, string kind)
    {
        var symbols = sent.GetProperty("symbols").EnumerateObject().ToDictionary(symbol => symbol.Name, symbol => symbol.Value);
        symbols.Keys.ShouldBe(received.Select(tick => tick.Symbol).Distinct(), ignoreOrder: true);
        foreach (var ticks in received.GroupBy(tick => tick.Symbol))
        {
            var identities = ticks.Select(tick => tick.Identity).ToList();
            var symbol = symbols[ticks.Key];
            symbol.GetProperty("market").GetString().ShouldBe(market);
            symbol.GetProperty("kind").GetString().ShouldBe(kind);
            symbol.GetProperty("sent").GetInt64().ShouldBe(identities.Count);
            symbol.GetProperty("distinct").GetInt64().ShouldBe(identities.Distinct().Count());
            symbol.GetProperty("sum").GetString().ShouldBe(Sum(identities));
            symbol.GetProperty("distinct_sum").GetString().ShouldBe(Sum(identities.Distinct()));
        }
    }

    internal static string Sum(IEnumerable<ulong> identities) =>
        identities.Aggregate(0UL, (sum, identity) => unchecked(sum + identity)).ToString("x16", CultureInfo.InvariantCulture);
}
