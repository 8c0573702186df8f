using System.Net;
using System.Text.Json;
using CloudTicks.TestServices;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Functions.Tests.Querying;

public sealed class QueryTests(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>2025-01-27 16:00 UTC.</summary>
    private const long FirstMs = 1_737_993_600_000;

    private NpgsqlDataSource _database = null!;
    private QueryApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        _database = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(_database, TimeProvider.System, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Cancellation);
        await ExecuteAsync(
            $"""
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, bid, ask, bid_size, ask_size, tick_hash, received_ms)
            SELECT 'EURUSD', {FirstMs} + i, 'forex', 'quote', 'live', 1.0451 + i * 0.0001, 1.0452 + i * 0.0001, 10, 20, -i, {FirstMs} + i + 12
            FROM generate_series(0, 1999) i;
            INSERT INTO market_ticks (symbol, timestamp_ms, market, kind, source, price, size, exchange, conditions, sequence, trade_id, tick_hash, received_ms)
            VALUES ('BRK.A', {FirstMs} + 1, 'stock', 'trade', 'backfill', 700123.45, 1.5, 11, ARRAY[12, 37]::smallint[], 2, '7', 1, {FirstMs} + 5),
                   ('BRK.A', {FirstMs} + 1, 'stock', 'trade', 'live', 700123.5, 2, 11, NULL, 1, '6', 2, {FirstMs} + 6);
            INSERT INTO feed_gaps (id, market, symbol, kind, from_ms, to_ms, cause, found_by, state, recovered, detail, changed_ms) VALUES
                ('00000000-0000-0000-0000-000000000001', 'forex', 'EURUSD', 'quote', 1000, 2000, 'disconnected', 'a test', 'filled', 5, NULL, 3000),
                ('00000000-0000-0000-0000-000000000002', 'stock', 'BRK.A', 'trade', 500, NULL, 'stale', 'a test', 'open', 0, 'why', 3000),
                ('00000000-0000-0000-0000-000000000003', 'forex', 'EURUSD', 'quote', 3000, 4000, 'start', 'a test', 'unfillable', 0, 'none', 5000);
            UPDATE feed_gaps SET missing = 3, restored = 1 WHERE from_ms = 3000;
            """);
        _app = await QueryApp.StartAsync(connectionString, _database, Cancellation);
    }

    [Theory]
    [InlineData("", new[] { 2, 1, 3 })]
    [InlineData("?symbol=EUR/USD", new[] { 1, 3 })]
    [InlineData("?state=open", new[] { 2 })]
    [InlineData("?from=2001", new[] { 2, 3 })]
    [InlineData("?from=2000&to=1970-01-01T00:00:03Z", new[] { 2, 1 })]
    [InlineData("?limit=2", new[] { 1, 3 })]
    public async Task Requested_gaps_are_ordered_by_their_beginning(string question, int[] expected)
    {
        using var response = JsonDocument.Parse(
            await _app.Http.GetStringAsync(new Uri($"/api/v1/gaps{question}", UriKind.Relative), Cancellation));

        response.RootElement.EnumerateArray().Select(gap => gap.GetProperty("id").GetGuid().ToString()[^1] - '0').ShouldBe(expected);
    }

    [Fact]
    public async Task Gap_has_the_fields_of_its_record()
    {
        var text = await _app.Http.GetStringAsync(new Uri("/api/v1/gaps?symbol=BRK.A", UriKind.Relative), Cancellation);

        text.ShouldBe(
            """[{"id":"00000000-0000-0000-0000-000000000002","market":"stock","symbol":"BRK.A","kind":"trade","from_ms":500,"cause":"stale","found_by":"a test","state":"open","recovered":0,"detail":"why","changed_ms":3000}]""");
    }

    [Fact]
    public async Task Gap_reports_missing_and_recovered_ticks()
    {
        var text = await _app.Http.GetStringAsync(new Uri("/api/v1/gaps?state=unfillable", UriKind.Relative), Cancellation);

        text.ShouldEndWith(""","changed_ms":5000,"missing":3,"restored":1}]""");
    }

    [Theory]
    [InlineData("?state=lost", "states are: open, filling, filled, unfillable")]
    [InlineData("?symbol=E%20U", "It is not a symbol")]
    [InlineData("?colour=red", "Unknown parameter")]
    [InlineData("?from=5&to=4", "later")]
    public async Task Invalid_gap_parameter_is_refused_by_name(string question, string part)
    {
        using var response = await _app.Http.GetAsync(new Uri($"/api/v1/gaps{question}", UriKind.Relative), Cancellation);

        ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType).ShouldBe((400, "application/problem+json"));
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(part);
    }

    [Theory]
    [InlineData("EURUSD", 1000, 1999)]
    [InlineData("eurusd?limit=3", 1997, 1999)]
    [InlineData("EUR/USD?limit=1", 1999, 1999)]
    [InlineData("EUR%2FUSD?limit=1", 1999, 1999)]
    [InlineData("C:EURUSD?from=1737993600005&to=1737993600008", 5, 7)]
    [InlineData("EUR-USD?from=2025-01-27T16:00:00.005Z&to=2025-01-27T17:00:00.0079+01:00", 5, 7)]
    [InlineData("EURUSD?from=2025-01-27T16:00:00.0041&limit=2", 5, 6)]
    [InlineData("EURUSD?from=2025-01-27&limit=2", 0, 1)]
    [InlineData("EURUSD?cursor=1737993600004.0.fffffffffffffffc&limit=2", 5, 6)]
    [InlineData("EURUSD?to=1737993600010&limit=2", 8, 9)]
    [InlineData("EURUSD?from=0&limit=50000", 0, 1999)]
    public async Task Ticks_of_a_range_are_ordered_by_time(string path, int first, int last)
    {
        var ticks = await GetAsync($"/api/v1/ticks/{path}");

        ticks.EnumerateArray().Select(tick => tick.GetProperty("timestamp_ms").GetInt64() - FirstMs)
            .ShouldBe(Enumerable.Range(first, last - first + 1).Select(number => (long)number));
    }

    [Fact]
    public async Task Tick_has_the_NATS_fields_and_the_other_columns()
    {
        var quote = await GetAsync("/api/v1/ticks/EURUSD?from=1737993600001&limit=1");
        var trades = await GetAsync("/api/v1/ticks/BRK.A");

        quote[0].GetRawText().ShouldBe(
            """{"symbol":"EURUSD","timestamp_ms":1737993600001,"bid":1.0452,"ask":1.0453,"bid_size":10,"ask_size":20"""
            + ""","received_ms":1737993600013,"id":"ffffffffffffffff","kind":"quote"}""");
        trades.GetArrayLength().ShouldBe(2);
        trades[1].GetRawText().ShouldBe(
            """{"symbol":"BRK.A","timestamp_ms":1737993600001,"price":700123.45,"size":1.5,"received_ms":1737993600005"""
            + ""","id":"0000000000000001","source":"backfill","kind":"trade","exchange":11,"sequence":2,"trade_id":"7","conditions":[12,37]}""");
    }

    [Theory]
    [InlineData("AAPL")]
    [InlineData("EURUSD?from=1737993600005&to=1737993600005")]
    public async Task Range_without_ticks_returns_an_empty_array(string path) =>
        (await GetAsync($"/api/v1/ticks/{path}")).GetArrayLength().ShouldBe(0);

    [Theory]
    [InlineData("ticks/EUR%20USD", "symbol")]
    [InlineData("ticks", "symbol")]
    [InlineData("ticks/EURUSD?from=yesterday", "from")]
    [InlineData("ticks/EURUSD?from=01/02/2025", "from")]
    [InlineData("ticks/EURUSD?to=2025-13-01", "to")]
    [InlineData("ticks/EURUSD?from=2&to=1", "from")]
    [InlineData("ticks/EURUSD?from=1&from=2", "from")]
    [InlineData("ticks/EURUSD?limit=0", "limit")]
    [InlineData("ticks/EURUSD?limit=100001", "limit")]
    [InlineData("ticks/EURUSD?form=1", "form")]
    [InlineData("symbols?limit=-1", "limit")]
    [InlineData("symbols?limit=100001", "limit")]
    [InlineData("quotes/latest?limit=100001", "limit")]
    public async Task Wrong_parameter_is_refused_by_name(string path, string name)
    {
        using var response = await _app.Http.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        problem.RootElement.GetProperty("status").GetInt32().ShouldBe(400);
        problem.RootElement.GetProperty("errors").EnumerateArray().Single().GetProperty("parameter").GetString().ShouldBe(name);
    }

    [Fact]
    public async Task Symbols_are_listed_by_name_with_counts_and_times() =>
        (await GetAsync("/api/v1/symbols")).GetRawText().ShouldBe(
            """[{"symbol":"BRK.A","count":2,"first_timestamp_ms":1737993600001,"last_timestamp_ms":1737993600001,"age_ms":400000},"""
            + """{"symbol":"EURUSD","count":2000,"first_timestamp_ms":1737993600000,"last_timestamp_ms":1737993601999,"age_ms":398002}]""");

    [Fact]
    public async Task Request_without_a_table_gets_503()
    {
        await ExecuteAsync("DROP TABLE market_ticks");

        using var response = await _app.Http.GetAsync(new Uri("/api/v1/symbols", UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _app.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.Clone();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
