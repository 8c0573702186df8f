using System.Text.Json;
using CloudTicks.Relay.Rest.Bars;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

[Collection(nameof(HistoryCollection))]
public class BarsTests(HistoryFixture history)
{
    private const long TableStartMs = HistoryFixture.TableStartMs;

    [Fact]
    public async Task Bars_aggregate_the_trades_of_archive_and_table()
    {
        await WriteAsync("QCOM", toTable: false, (-90_000, 100, 10), (-61_000, 90, 1), (-30_000, 120, 2));
        await WriteAsync("QCOM", toTable: true, (0, 110, 3), (1, 130, 4), (59_999, 105, 5), (120_000, 1, 6));
        await using var relay = await HistoryRelay.StartAsync(history);

        var minutes = await relay.JsonAsync("/v2/aggs/ticker/QCOM/range/1/minute/2025-01-27/2025-01-27");
        var day = await relay.JsonAsync($"/v2/aggs/ticker/QCOM/range/1/day/{TableStartMs}/{TableStartMs}?adjusted=false");

        Bars(minutes).ShouldBe(
        [
            $"{TableStartMs - 120_000}: o 100 h 100 l 90 c 90 v 11 n 2", $"{TableStartMs - 60_000}: o 120 h 120 l 120 c 120 v 2 n 1",
            $"{TableStartMs}: o 110 h 130 l 105 c 105 v 12 n 3", $"{TableStartMs + 120_000}: o 1 h 1 l 1 c 1 v 6 n 1",
        ]);
        minutes.GetProperty("results")[0].GetProperty("vw").GetDouble().ShouldBe((1_000.0 + 90) / 11, 1e-9);
        // A New York day begins at 5:00 UTC in winter.
        Bars(day).ShouldBe(["1737954000000: o 100 h 130 l 1 c 1 v 31 n 7"]);
        (minutes.GetProperty("ticker").GetString(), minutes.GetProperty("queryCount").GetInt32(),
            minutes.GetProperty("resultsCount").GetInt32(),
            minutes.GetProperty("count").GetInt32(), minutes.GetProperty("status").GetString(),
            minutes.GetProperty("adjusted").GetBoolean())
            .ShouldBe(("QCOM", 7, 4, 4, "OK", true));
        day.GetProperty("adjusted").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Pages_of_bars_equal_one_long_page(string sort)
    {
        var ticks = new GeneratedTicks(sort == "asc" ? "PEP" : "COST", TickKind.Trade, 5);
        await ticks.WriteAsync(history, TableStartMs - 30_000, TableStartMs, 200, toTable: false);
        await ticks.WriteAsync(history, TableStartMs, TableStartMs + 30_000, 200, toTable: true);
        await using var relay = await HistoryRelay.StartAsync(history);
        var path = $"/v2/aggs/ticker/{ticks.Ticker}/range/2/second/2025-01-27/2025-01-27?sort={sort}";

        var pages = await relay.PagesAsync($"{path}&limit=7");
        var whole = await relay.JsonAsync($"{path}&limit=50000");

        pages.Select(bar => bar.GetRawText()).ShouldBe(
            whole.GetProperty("results").EnumerateArray().Select(bar => bar.GetRawText()));
        pages.Sum(bar => bar.GetProperty("n").GetInt32()).ShouldBe(400);
        pages.Select(bar => bar.GetProperty("t").GetInt64()).ShouldBeInOrder(
            sort == "asc" ? SortDirection.Ascending : SortDirection.Descending);
    }

    [Fact]
    public async Task Bars_of_currencies_are_built_from_bids()
    {
        var ticks = new GeneratedTicks("CADCHF", TickKind.Quote, 6);
        for (var number = 0; number < 3; number++)
        {
            await ticks.WriteOneAsync(history, TableStartMs + number);
        }

        await using var relay = await HistoryRelay.StartAsync(history);

        var quotes = (await relay.JsonAsync("/v3/quotes/C:CAD-CHF?order=asc")).GetProperty("results").EnumerateArray()
            .Select(row => row.GetProperty("bid_price").GetDouble()).ToList();
        var bar = (await relay.JsonAsync("/v2/aggs/ticker/C:CADCHF/range/1/day/2025-01-27/2025-01-27")).GetProperty("results")[0];

        // Like Polygon, the relay uses UTC days for currencies.
        Text(bar).ShouldBe(FormattableString.Invariant(
            $"1737936000000: o {quotes[0]} h {quotes.Max()} l {quotes.Min()} c {quotes[2]} v 3 n 3"));
    }

    [Theory]
    [InlineData(Market.Stock, 1, Timespan.Day, "2025-03-09T12:00:00Z", "2025-03-09T05:00:00Z", "2025-03-10T04:00:00Z")] // DST begins
    [InlineData(Market.Crypto, 1, Timespan.Day, "2025-03-09T12:00:00Z", "2025-03-09T00:00:00Z", "2025-03-10T00:00:00Z")]
    [InlineData(Market.Forex, 1, Timespan.Week, "2025-03-12T12:00:00Z", "2025-03-09T00:00:00Z", "2025-03-16T00:00:00Z")]
    [InlineData(Market.Stock, 1, Timespan.Month, "2025-03-12T12:00:00Z", "2025-03-01T05:00:00Z", "2025-04-01T04:00:00Z")]
    [InlineData(Market.Crypto, 1, Timespan.Quarter, "2025-03-12T12:00:00Z", "2025-01-01T00:00:00Z", "2025-04-01T00:00:00Z")]
    [InlineData(Market.Crypto, 1, Timespan.Year, "2025-03-12T12:00:00Z", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData(Market.Crypto, 4, Timespan.Hour, "2025-03-12T13:59:59.999Z", "2025-03-12T12:00:00Z", "2025-03-12T16:00:00Z")]
    [InlineData(Market.Stock, 4, Timespan.Hour, "2025-03-12T13:59:59.999Z", "2025-03-12T12:00:00Z", "2025-03-12T16:00:00Z")]
    [InlineData(Market.Crypto, 7, Timespan.Hour, "2025-03-12T23:00:00Z", "2025-03-12T21:00:00Z", "2025-03-13T00:00:00Z")]
    [InlineData(Market.Stock, 100, Timespan.Year, "1970-01-02T00:00:00Z", "1900-01-01T05:00:00Z", "2000-01-01T05:00:00Z")]
    public void Windows_begin_at_midnight_of_the_market(
        Market market, int multiplier, object timespan, string at, string start, string end)
    {
        var window = new BarWindows(market, multiplier, (Timespan)timespan).Of(Ms(at));

        window.ShouldBe(new BarWindow(Ms(start), Ms(end)));

        static long Ms(string text) =>
            DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
    }

    private static List<string> Bars(JsonElement response) => [.. response.GetProperty("results").EnumerateArray().Select(Text)];

    private static string Text(JsonElement bar) =>
        $"{bar.GetProperty("t")}: {string.Join(' ', "ohlcvn".Select(name => $"{name} {bar.GetProperty(name.ToString())}"))}";

    private Task WriteAsync(string name, bool toTable, params (long AfterMs, int Price, int Size)[] trades)
    {
        var symbol = HistoryFixture.SymbolOf(name);
        return history.WriteAsync(
            symbol,
            builder =>
            {
                foreach (var (afterMs, price, size) in trades)
                {
                    builder.Add(new Tick
                    {
                        Symbol = symbol,
                        Kind = TickKind.Trade,
                        TimestampMs = TableStartMs + afterMs,
                        ReceivedMs = TableStartMs + afterMs + 5,
                        Price = Price.Create(price, 0),
                        Size = Price.Create(size, 0),
                        Fields = TickFields.Price | TickFields.Size,
                    });
                }
            },
            TableStartMs + trades[^1].AfterMs + 9, toTable);
    }
}
