using System.Net;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Rest;

public sealed class TickHistoryTests
{
    [Theory]
    [InlineData("forex", Market.Forex, "C.EUR/USD", "C:EUR-USD", TickKind.Quote)]
    [InlineData("stocks", Market.Stock, "T.BRK.A", "BRK.A", TickKind.Trade)]
    [InlineData("stocks", Market.Stock, "Q.AAPL", "AAPL", TickKind.Quote)]
    [InlineData("options", Market.Option, "T.O:SPY251219C00650000", "O:SPY251219C00650000", TickKind.Trade)]
    [InlineData("options", Market.Option, "Q.O:SPY251219C00650000", "O:SPY251219C00650000", TickKind.Quote)]
    [InlineData("crypto", Market.Crypto, "XT.BTC-USD", "X:BTC-USD", TickKind.Trade)]
    public async Task Rows_equal_the_sent_ticks_in_both_orders(
        string path, Market market, string channel, string ticker, TickKind kind)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync(path)).AuthenticateAsync();
        await client.SubscribeAsync(channel);
        var received = await client.ReadTicksAsync(market, 3_000);
        var sent = (await client.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols").EnumerateObject().Single().Value;
        received.AddRange(await client.ReadTicksAsync(market, sent.GetProperty("sent").GetInt32() - received.Count));

        var rising = await simulator.TicksAsync(ticker, kind);
        var falling = await simulator.TicksAsync(ticker, kind, "limit=999");

        rising.Select(row => row.Identity).ShouldBe(received.Select(tick => tick.Identity));
        rising.Select(row => row.Ns / 1_000_000).ShouldBe(received.Select(tick => tick.TimestampMs));
        rising.Select(row => row.Ns).ShouldBeInOrder();
        falling.Select(row => row.Identity).ShouldBe(received.Select(tick => tick.Identity).Reverse());
        (sent.GetProperty("made").GetInt64(), sent.GetProperty("missed").GetInt64()).ShouldBe((received.Count, 0L));
        sent.GetProperty("made_distinct_sum").GetString().ShouldBe(sent.GetProperty("distinct_sum").GetString());
    }

    [Fact]
    public async Task Coins_send_quotes_but_have_no_quote_history()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("crypto")).AuthenticateAsync();
        await client.SubscribeAsync("XQ.BTC-USD", "XQ.X:SHIB-USD", "XT.*");

        var ticks = await client.ReadTicksAsync(Market.Crypto, 100);

        ticks.Select(tick => tick.Kind).Distinct().Order().ShouldBe(["XQ", "XT"]);
        ticks.Select(tick => tick.Symbol).Distinct().Count().ShouldBe(6);
        ticks.ShouldAllBe(tick => tick.Event.GetProperty("r").GetInt64() > tick.TimestampMs);
        using var response = await simulator.GetAsync("/v3/quotes/X:BTC-USD");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ticks_without_subscribers_are_in_history_and_count_as_missed()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=20000");
        var received = new HashSet<ulong>();
        await using (var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync())
        {
            await client.SubscribeAsync("C.EUR/USD");
            received.UnionWith((await client.ReadTicksAsync(Market.Forex, 500)).Select(tick => tick.Identity));
        }

        await simulator.UntilAsync(sent => sent.GetProperty("EURUSD").GetProperty("missed").GetInt64() > 1_000);
        await using var again = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await again.SubscribeAsync("C.EUR/USD");
        received.UnionWith((await again.ReadTicksAsync(Market.Forex, 500)).Select(tick => tick.Identity));
        var counts = (await again.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols").GetProperty("EURUSD");
        var history = await simulator.TicksAsync("C:EUR-USD", TickKind.Quote);

        history.Count.ShouldBe(counts.GetProperty("made").GetInt32());
        counts.GetProperty("made").GetInt64().ShouldBe(counts.GetProperty("sent").GetInt64() + counts.GetProperty("missed").GetInt64());
        received.IsSubsetOf(history.Select(row => row.Identity)).ShouldBeTrue();
        SentTests.Sum(history.Select(row => row.Identity)).ShouldBe(counts.GetProperty("made_distinct_sum").GetString());
    }

    [Fact]
    public async Task Market_pauses_without_subscribers_if_configured()
    {
        await using var simulator = await SimulatorHost.StartAsync("KeepTicking=false", "Rate=20000");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");
        await client.SendAsync("unsubscribe", "C.EUR/USD");
        await client.ReadStatusAsync();
        var before = (await simulator.SentAsync()).GetProperty("symbols");
        await client.ReadTicksAsync(Market.Forex, 5_000);

        var after = (await client.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols");

        after.GetProperty("USDJPY").GetProperty("missed").GetInt64().ShouldBe(0);
        var generatedMeanwhile = after.TryGetProperty("EURUSD", out var counts)
            ? counts.GetProperty("made")
                .GetInt64() - (before.TryGetProperty("EURUSD", out var earlier) ? earlier.GetProperty("made").GetInt64() : 0)
            : 0;
        // Only the frame in progress may still have added ticks of EUR/USD.
        generatedMeanwhile.ShouldBeLessThan(300);
    }

    [Fact]
    public async Task Time_parameters_limit_rows_to_the_nanosecond()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.IBM");
        await client.ReadTicksAsync(Market.Stock, 2_000);
        await client.ReadWhileAsync(simulator.StopAsync());
        var all = (await simulator.TicksAsync("IBM", TickKind.Trade)).Select(row => row.Ns).ToList();
        var (low, high) = (all[all.Count / 3], all[2 * all.Count / 3]);

        async Task ExpectAsync(string query, Func<long, bool> holds) =>
            (await simulator.TicksAsync("IBM", TickKind.Trade, $"order=asc&limit=100&{query}")).Select(row => row.Ns)
                .ShouldBe(all.Where(holds));

        await ExpectAsync($"timestamp.gte={low}&timestamp.lt={high}", ns => ns >= low && ns < high);
        await ExpectAsync($"timestamp.gt={low}&timestamp.lte={high}", ns => ns > low && ns <= high);
        await ExpectAsync($"timestamp={low}", ns => ns == low);
        await ExpectAsync("timestamp.gte=0", _ => true);
        await ExpectAsync("timestamp.gte=2200-01-01", _ => false);
        await ExpectAsync("timestamp=2200-01-01", _ => false);
        (await simulator.JsonAsync($"/v3/trades/IBM?timestamp={low}")).TryGetProperty("next_url", out _).ShouldBeFalse();
        (await simulator.JsonAsync($"/v3/trades/IBM?timestamp={low - 1}")).TryGetProperty("results", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("C:EUR-USD", "timestamp.gte=2020-01-01")]
    [InlineData("C:EUR-USD", "timestamp=2020-01-01")]
    [InlineData("C:EUR-USD", "timestamp.lte=2020-01-01T10:00:00Z")]
    [InlineData("C:EUR-USD", "timestamp.gte=2020-01-01&order=asc")]
    [InlineData("C:USD-JPY", "timestamp.gte=2020-01-01")]
    public async Task Range_that_begins_before_the_history_is_refused_not_empty(string ticker, string query)
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=50000");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD");
        await client.ReadTicksAsync(Market.Forex, 100);

        using var response = await simulator.GetAsync($"/v3/quotes/{ticker}?{query}");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        text.ShouldContain("\"status\":\"NOT_AUTHORIZED\"");
        text.ShouldContain("has no history before 20");
        // A request that starts at the time named in the error succeeds.
        var firstKnownTime = text[(text.IndexOf("timestamp ", StringComparison.Ordinal) + 10)..text.IndexOf(')', StringComparison.Ordinal)];
        (await simulator.GetAsync($"/v3/quotes/{ticker}?timestamp.gte={firstKnownTime}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Oldest_ticks_are_removed_at_the_size_bound()
    {
        await using var simulator = await SimulatorHost.StartAsync("Rate=400000", "HistoryBytes=1048576", "KeepTicking=false");
        await using var client = await (await simulator.ConnectAsync("forex")).AuthenticateAsync();
        await client.SubscribeAsync("C.EUR/USD", "C.USD/JPY");
        var received = await client.ReadTicksAsync(Market.Forex, 300_000);
        await client.SendAsync("unsubscribe", "C.EUR/USD,C.USD/JPY");
        await client.ReadStatusAsync();
        await client.ReadStatusAsync();
        var sent = (await client.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols");
        // On a busy machine many ticks are sent before the channels are unsubscribed.
        var sentTicks = sent.EnumerateObject().Sum(symbol => symbol.Value.GetProperty("sent").GetInt32());
        received.AddRange(await client.ReadTicksAsync(Market.Forex, sentTicks - received.Count));
        var counts = sent.GetProperty("EURUSD");

        var history = await simulator.TicksAsync("C:EUR-USD", TickKind.Quote, "order=asc&limit=50000");

        counts.GetProperty("forgotten").GetInt64().ShouldBeGreaterThan(10_000);
        history.Count.ShouldBe(counts.GetProperty("made").GetInt32() - counts.GetProperty("forgotten").GetInt32());
        history.Count.ShouldBeInRange(20_000, 1_048_576 / 4);
        var first = received.FindIndex(tick => tick.Identity == history[0].Identity);
        received.Skip(first).Where(tick => tick.Symbol == "EURUSD").Select(tick => tick.Identity)
            .ShouldBe(history.Select(row => row.Identity).Take(received.Skip(first).Count(tick => tick.Symbol == "EURUSD")));
        using var forgottenResponse = await simulator.GetAsync($"/v3/quotes/C:EUR-USD?timestamp.gte={received[0].TimestampMs}000000");
        forgottenResponse.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("/v3/trades/NOPE:1")]
    [InlineData("/v3/trades/aapl")]
    [InlineData("/v3/quotes/C:EURUSD")]
    [InlineData("/v3/quotes/C:GBP-JPY?timestamp.gte=0")]
    public async Task Unknown_symbols_have_no_results(string path)
    {
        await using var simulator = await SimulatorHost.StartAsync();

        (await simulator.JsonAsync(path)).EnumerateObject().Select(property => property.Name).ShouldBe(["status", "request_id"]);
    }

    [Theory]
    [InlineData("/v3/trades/IBM?limit=50001", "'limit'")]
    [InlineData("/v3/trades/IBM?limit=0", "'limit'")]
    [InlineData("/v3/trades/IBM?order=up", "'order'")]
    [InlineData("/v3/trades/IBM?sort=price", "'sort'")]
    [InlineData("/v3/trades/IBM?timestamp.gte=yesterday", "'timestamp.gte'")]
    [InlineData("/v3/trades/IBM?timestamp=9999-12-31", "'timestamp'")]
    [InlineData("/v3/reference/options/contracts?underlying_ticker=SPY&as_of=9999-12-31", "'as_of'")]
    [InlineData("/v3/trades/IBM?cursor=abc!", "'cursor'")]
    [InlineData("/v3/reference/options/contracts?strike_price.gt=x", "'strike_price.gt'")]
    [InlineData("/v3/reference/options/contracts?expiration_date=x", "'expiration_date'")]
    public async Task Invalid_parameter_is_named(string path, string name)
    {
        await using var simulator = await SimulatorHost.StartAsync();

        using var response = await simulator.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(name.Replace("'", "\\u0027"));
    }

    [Fact]
    public async Task Configured_key_is_required()
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=right");

        (await simulator.GetAsync("/v3/trades/IBM")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await simulator.GetAsync("/v3/trades/IBM?apiKey=wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await simulator.GetAsync("/v3/trades/IBM?apiKey=right")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.GetAsync("/v3/trades/IBM", "right")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.GetAsync("/v1/marketstatus/now", "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
