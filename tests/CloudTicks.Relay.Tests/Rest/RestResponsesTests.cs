using System.Net;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

[Collection(nameof(HistoryCollection))]
public class RestResponsesTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;

    [Fact]
    public async Task Time_parameters_limit_rows_as_at_Polygon()
    {
        var ticks = new GeneratedTicks("NFLX", TickKind.Trade, 1);
        for (var number = 0; number < 10; number++)
        {
            await ticks.WriteOneAsync(history, TableStartMs + (number * 1_000));
        }

        await using var relay = await HistoryRelay.StartAsync(history);

        (await SecondsAsync("timestamp.gte=1737993602000000000&timestamp.lt=1737993605000000000")).ShouldBe([2, 3, 4]);
        (await SecondsAsync("timestamp.gt=1737993602000000000&timestamp.lte=1737993605000000000")).ShouldBe([3, 4, 5]);
        (await SecondsAsync("timestamp=1737993604000000000")).ShouldBe([4]);
        (await SecondsAsync("timestamp=2025-01-27")).Count.ShouldBe(10);
        (await SecondsAsync("timestamp.gte=2025-01-27T16:00:08Z")).ShouldBe([8, 9]);
        (await SecondsAsync("limit=3")).ShouldBe([0, 1, 2]);
        var newest = await relay.JsonAsync("/v3/trades/NFLX?limit=1");
        newest.GetProperty("results")[0].GetProperty("sip_timestamp").GetInt64().ShouldBe(1_737_993_609_000_000_000);
        newest.GetProperty("next_url").GetString()!.ShouldStartWith(relay.Address.ToString());

        async Task<List<long>> SecondsAsync(string query) =>
        [
            .. ((await relay.JsonAsync($"/v3/trades/NFLX?order=asc&{query}")) is var page && page.TryGetProperty("results", out var rows)
                    ? rows.EnumerateArray() : [])
                .Select(row => ((row.GetProperty("sip_timestamp").GetInt64() / 1_000_000) - TableStartMs) / 1_000),
        ];
    }

    [Fact]
    public async Task Row_has_all_numbers_as_received()
    {
        await history.WriteAsync(HistoryFixture.SymbolOf("AUDJPY"), builder => builder.Add(Quote("AUDJPY")), TableStartMs);
        await using var relay = await HistoryRelay.StartAsync(history);

        var page = await relay.JsonAsync("/v3/quotes/C:AUD-JPY?timestamp.gte=2025-01-27T16:00:00Z");

        page.GetProperty("results")[0].GetRawText().ShouldBe(
            """{"ask_price":97.3101234567891,"ask_exchange":48,"bid_price":0.00004,"bid_exchange":48,"participant_timestamp":1737993600007000000}""");
        page.EnumerateObject().Select(member => member.Name).ShouldBe(["results", "status", "request_id"]);
    }

    [Fact]
    public async Task Last_trade_and_quotes_have_the_field_names_of_Polygon()
    {
        var trades = new GeneratedTicks("TSLA", TickKind.Trade, 3);
        var quotes = new GeneratedTicks("META", TickKind.Quote, 3);
        await trades.WriteOneAsync(history, TableStartMs + 5);
        await trades.WriteOneAsync(history, TableStartMs + 9);
        await quotes.WriteOneAsync(history, TableStartMs + 9);
        await history.WriteAsync(HistoryFixture.SymbolOf("NZDJPY"), builder => builder.Add(Quote("NZDJPY")), TableStartMs);
        await using var relay = await HistoryRelay.StartAsync(history);

        var trade = await relay.JsonAsync("/v2/last/trade/TSLA");
        var quote = await relay.JsonAsync("/v2/last/nbbo/META");
        var pair = await relay.JsonAsync("/v1/last_quote/currencies/NZD/JPY");

        trade.GetProperty("status").GetString().ShouldBe("OK");
        trade.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
        trade.GetProperty("results").EnumerateObject().Select(member => member.Name).ShouldBe(["T", "c", "i", "p", "s", "x", "q", "t"]);
        trade.GetProperty("results").GetProperty("t").GetInt64().ShouldBe((TableStartMs + 9) * 1_000_000);
        quote.GetProperty("results").EnumerateObject().Select(member => member.Name)
            .ShouldBeSubsetOf(["T", "P", "S", "X", "p", "s", "x", "q", "t"]);
        pair.GetProperty("last").GetRawText().ShouldBe(
            """{"ask":97.3101234567891,"bid":0.00004,"exchange":48,"timestamp":1737993600007}""");
        (pair.GetProperty("status").GetString(), pair.GetProperty("symbol").GetString()).ShouldBe(("success", "NZD/JPY"));
    }

    [Fact]
    public async Task Missing_history_gets_404_that_names_the_first_tick()
    {
        var ticks = new GeneratedTicks("ORCL", TickKind.Trade, 4);
        await ticks.WriteOneAsync(history, TableStartMs - 1_500, toTable: false);
        await ticks.WriteOneAsync(history, TableStartMs + 1_500);
        await using var relay = await HistoryRelay.StartAsync(history);

        (await RefusalAsync("/v3/trades/ORCL?timestamp.lt=2025-01-27")).ShouldBe(
            "There are trades of ORCL since 2025-01-27T15:59:58.500Z (timestamp.gte=1737993598500000000), and none before.");
        (await RefusalAsync("/v3/trades/NONE"))
            .ShouldStartWith("There are no trades of NONE in this relay's data: the symbol is not collected");
        (await RefusalAsync("/v3/trades/C:EUR-USD")).ShouldContain("quotes only");
        (await RefusalAsync("/v3/quotes/C:EURUSD")).ShouldContain("not a ticker");
        (await RefusalAsync("/v2/last/trade/NONE")).ShouldContain("2025-01-27T16:00:00.000Z");
        (await RefusalAsync("/v2/aggs/ticker/ORCL/range/1/day/2020-01-01/2020-02-01")).ShouldContain("since 2025-01-27T15:59:58.500Z");
        // Within the stored time range the response has no results, like Polygon's.
        var none = await relay.JsonAsync($"/v3/trades/ORCL?timestamp.gte={TableStartMs}000000&timestamp.lt={TableStartMs + 10}000000");
        none.TryGetProperty("results", out _).ShouldBeFalse();
        none.GetProperty("status").GetString().ShouldBe("OK");

        async Task<string> RefusalAsync(string path)
        {
            var (status, json) = await relay.GetAsync(path);
            status.ShouldBe(HttpStatusCode.NotFound);
            json.GetProperty("status").GetString().ShouldBe("NOT_FOUND");
            json.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
            return json.GetProperty("message").GetString()!;
        }
    }

    [Theory]
    [InlineData("/v3/trades/AAPL?limit=0", "limit")]
    [InlineData("/v3/trades/AAPL?limit=50001", "50000")]
    [InlineData("/v3/trades/AAPL?order=up", "order")]
    [InlineData("/v3/trades/AAPL?sort=price", "sort")]
    [InlineData("/v3/trades/AAPL?timestamp=yesterday", "timestamp")]
    [InlineData("/v3/trades/AAPL?cursor=nonsense", "next_url")]
    [InlineData("/v3/trades/AAPL?cursor=MS4yLjM", "next_url")]
    [InlineData("/v2/aggs/ticker/AAPL/range/0/day/2025-01-27/2025-01-27", "multiplier")]
    [InlineData("/v2/aggs/ticker/AAPL/range/1/decade/2025-01-27/2025-01-27", "timespan")]
    [InlineData("/v2/aggs/ticker/AAPL/range/1/day/2025-01-27/2025-01-26", "before 'from'")]
    [InlineData("/v2/aggs/ticker/AAPL/range/1/day/x/2025-01-26", "'from'")]
    public async Task Invalid_parameter_is_refused_with_a_message(string path, string part)
    {
        await using var relay = await HistoryRelay.StartAsync(history);

        var (status, json) = await relay.GetAsync(path);

        status.ShouldBe(HttpStatusCode.BadRequest);
        json.GetProperty("status").GetString().ShouldBe("ERROR");
        json.GetProperty("error").GetString()!.ShouldContain(part);
    }

    [Fact]
    public async Task Response_names_an_unavailable_database_or_event_hub()
    {
        var ticks = new GeneratedTicks("INTC", TickKind.Trade, 5);
        await ticks.WriteOneAsync(history, TableStartMs + 1);
        await using var withoutTable = await HistoryRelay.StartAsync(
            null, $"ConnectionStrings:eventhubs={history.HubAddress}", "ConnectionStrings:timescale=Host=127.0.0.1;Port=1;Database=x");
        await using var withoutHub = await HistoryRelay.StartAsync(
            null, "ConnectionStrings:eventhubs=127.0.0.1:1", $"ConnectionStrings:timescale={history.Database}");
        await using var withoutHistory = await HistoryRelay.StartAsync(null, $"ConnectionStrings:eventhubs={history.HubAddress}");

        (await RefusalAsync(withoutTable, "/v3/trades/INTC")).ShouldStartWith("The database does not answer");
        (await RefusalAsync(withoutHub, "/v3/trades/INTC?timestamp.gte=2025-01-01")).ShouldContain("event hub does not answer");
        (await withoutHub.JsonAsync("/v3/trades/INTC")).GetProperty("results").GetArrayLength().ShouldBe(1);
        (await RefusalAsync(withoutHistory, "/v3/trades/INTC")).ShouldContain("ConnectionStrings__timescale");

        static async Task<string> RefusalAsync(HistoryRelay relay, string path)
        {
            var (status, json) = await relay.GetAsync(path);
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            return json.GetProperty("error").GetString()!;
        }
    }

    [Theory]
    [InlineData("2025-01-27T15:00:00Z", "open", "open", false)] // a Monday, 10:00 in New York
    [InlineData("2025-01-27T12:00:00Z", "extended-hours", "open", true)]
    [InlineData("2025-01-25T15:00:00Z", "closed", "closed", false)]
    [InlineData("2025-07-04T15:00:00Z", "closed", "open", false)]
    public async Task Market_status_follows_the_calendar(string at, string stocks, string forex, bool isEarly)
    {
        await using var relay = await HistoryRelay.StartAsync(
            new TestTime(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)),
            $"ConnectionStrings:eventhubs={history.HubAddress}");

        var status = await relay.JsonAsync("/v1/marketstatus/now");

        status.GetProperty("market").GetString().ShouldBe(stocks);
        status.GetProperty("currencies").GetProperty("fx").GetString().ShouldBe(forex);
        status.GetProperty("currencies").GetProperty("crypto").GetString().ShouldBe("open");
        (status.GetProperty("earlyHours").GetBoolean(), status.GetProperty("afterHours").GetBoolean()).ShouldBe((isEarly, false));
    }

    private static Tick Quote(string name) => new()
    {
        Symbol = HistoryFixture.SymbolOf(name),
        Kind = TickKind.Quote,
        TimestampMs = TableStartMs + 7,
        ReceivedMs = TableStartMs + 9,
        Bid = Price.Create(4, 5),
        Ask = Price.Create(973_101_234_567_891, 13),
        Exchange = 48,
        Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange,
    };
}
