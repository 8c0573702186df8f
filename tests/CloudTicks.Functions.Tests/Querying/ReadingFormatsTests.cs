using System.Net;
using System.Text.Json;

namespace CloudTicks.Functions.Tests.Querying;

public sealed class ReadingFormatsTests(ReadingFixture reading) : IClassFixture<ReadingFixture>
{
    /// <summary>2025-01-27 16:00 UTC.</summary>
    private const long FirstMs = 1_737_993_600_000;

    private readonly QueryApp _app = reading.App;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("?format=ndjson", null, "application/x-ndjson")]
    [InlineData("?format=csv", "application/json", "text/csv")]
    [InlineData("", "application/x-ndjson", "application/x-ndjson")]
    [InlineData("", "text/csv;q=0.5, application/ndjson;q=0.9", "application/x-ndjson")]
    [InlineData("", "text/html, */*;q=0.1", "application/json")]
    [InlineData("", "text/*", "text/csv")]
    [InlineData("", null, "application/json")]
    public async Task Format_is_chosen_by_parameter_or_header(string query, string? accept, string expected)
    {
        using var response = await _app.GetAsync($"/api/v1/ticks/EURUSD{query}", accept);

        (response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, expected));
    }

    [Fact]
    public async Task Ndjson_and_csv_have_the_ticks_of_the_array()
    {
        var array = await _app.GetJsonAsync("/api/v1/ticks/EURUSD?limit=5");
        var lines = await TextAsync("/api/v1/ticks/EURUSD?limit=5&format=ndjson");
        var csv = await TextAsync("/api/v1/ticks/AAPL?format=csv");

        lines.ShouldBe(string.Concat(array.EnumerateArray().Select(tick => tick.GetRawText() + "\n")));
        csv.ShouldBe(
            "symbol,timestamp_ms,kind,bid,ask,bid_size,ask_size,price,size,exchange,conditions,sequence,trade_id,source,received_ms,id\r\n"
            + "AAPL,1737993660000,trade,,,,,175.5,3,11,12 37,2,\"a \"\"b\"\", c\",backfill,5,0000000000000001\r\n");
    }

    [Fact]
    public async Task Next_page_follows_the_link_until_there_is_none()
    {
        var times = new List<long>();
        for (string? next = "/api/v1/ticks/EURUSD?from=2025-01-27T16:00:00Z&limit=70&kind=quote"; next is not null;)
        {
            using var response = await _app.GetAsync(next);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            times.AddRange(
                json.RootElement.EnumerateArray().Select(tick => (tick.GetProperty("timestamp_ms").GetInt64() - FirstMs) / 1000));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
            response.Headers.GetValues("CloudTicks-Cursor").Single().ShouldStartWith($"{(times[^1] * 1000) + FirstMs}.0.");
        }

        times.ShouldBe(Enumerable.Range(0, 300).Select(number => (long)number));
    }

    [Theory]
    [InlineData("ticks/EURUSD?from=2025-01-26&to=2025-01-27T10:00Z", "--from 2025-01-26T00:00:00Z --to 2025-01-27T10:00:00Z")]
    [InlineData("ticks/EURUSD?to=2025-01-27T16:00Z", "--from 1970-01-01T00:00:00Z --to 2025-01-27T16:00:00Z")]
    [InlineData(
        "candles/EURUSD?interval=1m&from=2025-01-27T15:00Z&to=2025-01-27T16:00Z", "--from 2025-01-27T15:00:00Z --to 2025-01-27T16:00:00Z")]
    public async Task Range_before_the_table_is_refused_with_a_command(string path, string range)
    {
        using var response = await _app.GetAsync($"/api/v1/{path}");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        (response.StatusCode, response.Content.Headers.ContentType!.MediaType)
            .ShouldBe((HttpStatusCode.NotFound, "application/problem+json"));
        problem.RootElement.GetProperty("replay").GetString().ShouldBe($"cloudticks replay --symbols EURUSD {range} --to-table");
        problem.RootElement.GetProperty("table_from").GetString().ShouldBe("2025-01-27T16:00:00Z");
    }

    [Fact]
    public async Task Range_across_the_table_start_includes_a_command()
    {
        using var response = await _app.GetAsync("/api/v1/ticks/EURUSD?from=2025-01-27T15:59Z&to=2025-01-27T16:00:10Z");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        json.RootElement.GetArrayLength().ShouldBe(10);
        response.Headers.GetValues("CloudTicks-Table-From").Single().ShouldBe("2025-01-27T16:00:00Z");
        response.Headers.GetValues("CloudTicks-Replay").Single()
            .ShouldBe("cloudticks replay --symbols EURUSD --from 2025-01-27T15:59:00Z --to 2025-01-27T16:00:00Z --to-table");
    }

    [Fact]
    public async Task Candles_are_complete_and_use_mid_or_trade_prices()
    {
        var mid = await _app.GetJsonAsync("/api/v1/candles/EURUSD?interval=1m&from=2025-01-27T16:01:30Z&to=2025-01-27T16:02:30Z");
        var trade = await TextAsync("/api/v1/candles/AAPL?interval=5m&format=csv");

        mid.GetArrayLength().ShouldBe(2);
        mid[0].GetRawText().ShouldBe(
            """{"symbol":"EURUSD","timestamp_ms":1737993660000,"open":61.15,"high":120.15,"low":61.15,"close":120.15,"count":60,"spread":0.1}""");
        trade.ShouldBe(
            "symbol,timestamp_ms,open,high,low,close,volume,count,spread\r\nAAPL,1737993600000,175.5,175.5,175.5,175.5,3,1,\r\n");
    }

    [Fact]
    public async Task Latest_price_is_that_of_the_newest_tick()
    {
        var all = await _app.GetJsonAsync("/api/v1/quotes/latest");
        var one = await _app.GetJsonAsync("/api/v1/quotes/EUR%2FUSD/latest");
        var trades = await _app.GetJsonAsync("/api/v1/quotes/latest?kind=trade");
        using var none = await _app.GetAsync("/api/v1/quotes/AAPL/latest");

        all.GetArrayLength().ShouldBe(1);
        all[0].GetRawText().ShouldBe(one.GetRawText());
        one.GetProperty("timestamp_ms").GetInt64().ShouldBe(FirstMs + 299_000);
        trades[0].GetProperty("price").GetDouble().ShouldBe(175.5);
        (none.StatusCode, none.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.NotFound, "application/problem+json"));
    }

    [Fact]
    public async Task Opening_price_is_that_of_the_days_first_tick()
    {
        using var response = await _app.GetAsync("/api/v1/quotes/opening");
        using var quotes = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var trades = await _app.GetJsonAsync("/api/v1/quotes/opening?kind=trade");
        var csv = await TextAsync("/api/v1/quotes/opening?format=csv&limit=1");

        quotes.RootElement.GetArrayLength().ShouldBe(1);
        quotes.RootElement[0].GetRawText().ShouldStartWith($$"""{"symbol":"EURUSD","timestamp_ms":{{FirstMs}},"bid":1.1,"ask":1.2,""");
        response.Headers.GetValues("CloudTicks-As-Of").Single().ShouldBe("2025-01-27T16:06:40.001Z");
        trades[0].GetProperty("price").GetDouble().ShouldBe(175.5);
        csv.ShouldContain($"EURUSD,{FirstMs},quote,1.1,1.2,");
    }

    [Theory]
    [InlineData("ticks/EURUSD?format=xml", null, "format")]
    [InlineData("ticks/EURUSD", "application/xml", "Accept")]
    [InlineData("ticks/EURUSD?cursor=1.2", null, "cursor")]
    [InlineData("ticks/EURUSD?kind=bar", null, "kind")]
    [InlineData("candles/EURUSD", null, "interval")]
    [InlineData("candles/EURUSD?interval=2m", null, "interval")]
    [InlineData("candles/EURUSD?interval=1m&price=bid", null, "price")]
    [InlineData("candles/EURUSD?interval=1s&from=2025-01-27&to=2025-01-28", null, "from")]
    [InlineData("candles/EURUSD?interval=1s&from=-9223372036854775808&to=9223372036854775807", null, "from")]
    [InlineData("candles/EURUSD?interval=1s&from=2&to=1", null, "from")]
    [InlineData("quotes/EUR%20USD/latest", null, "symbol")]
    [InlineData("quotes/latest?symbol=EURUSD", null, "symbol")]
    [InlineData("quotes/opening?from=2025-01-27", null, "from")]
    [InlineData("quotes/opening?kind=bar", null, "kind")]
    [InlineData("quotes/opening?limit=100001", null, "limit")]
    [InlineData("symbols?format=", null, "format")]
    public async Task Wrong_parameter_is_refused_by_name(string path, string? accept, string name)
    {
        using var response = await _app.GetAsync($"/api/v1/{path}", accept);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        (response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe(
            (HttpStatusCode.BadRequest, "application/problem+json"));
        problem.RootElement.GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("parameter").GetString()).ShouldContain(name);
    }

    [Theory]
    [InlineData("ticks/EURUSD")]
    [InlineData("ticks/EURUSD?from=2025-01-27")]
    [InlineData("candles/EURUSD?interval=1m")]
    [InlineData("quotes/latest")]
    [InlineData("quotes/opening")]
    [InlineData("quotes/EURUSD/latest")]
    [InlineData("symbols")]
    [InlineData("gaps")]
    public async Task Request_without_a_database_gets_503(string path)
    {
        // No server listens on port 1.
        await using var app = await QueryApp.StartAsync(
            "Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none", reading.Database, Cancellation);

        using var response = await app.GetAsync($"/api/v1/{path}");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        (response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe(
            (HttpStatusCode.ServiceUnavailable, "application/problem+json"));
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        problem.RootElement.GetProperty("title").GetString().ShouldBe("The database did not run the query.");
    }

    private async Task<string> TextAsync(string path)
    {
        using var response = await _app.GetAsync(path);
        response.IsSuccessStatusCode.ShouldBeTrue();
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
