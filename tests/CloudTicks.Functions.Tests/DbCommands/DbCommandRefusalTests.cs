using System.Net;
using CloudTicks.Functions.DbCommands;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.DbCommands;

public sealed class DbCommandRefusalTests(EventHubFixture hub) : IClassFixture<EventHubFixture>, IAsyncLifetime
{
    private const string ValidBody =
        """{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[{"timestamp":"2025-01-27T16:00:00Z","bid":1}]}}""";

    private CommandApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await CommandApp.StartAsync(hub.BootstrapServers, "simulated");

    [Theory]
    [InlineData("""{"timestamp":"yesterday","bid":1}""", "timestamp", "ISO 8601")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00","bid":1}""", "timestamp", "zone")]
    [InlineData("""{"timestamp":1737993600000,"bid":1}""", "timestamp", "ISO 8601")]
    [InlineData("""{"timestamp":"1980-01-27T16:00:00Z","bid":1}""", "timestamp", "1990")]
    [InlineData("""{"bid":1}""", "timestamp", "missing")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":"1.5"}""", "bid", "number")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1,"bid":1}""", "bid", "more than once")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":-1}""", "bid", "below zero")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1,"ask_size":-1}""", "ask_size", "below zero")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1.00000000000000000001}""", "bid", "exactly")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1,"price":1}""", "price", "A quote does not have this field")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1,"bidsize":1}""", "bidsize", "no such field")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":1,"ticker":"GBPUSD"}""", "ticker", "one ticker")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z"}""", "", "neither bid nor ask")]
    [InlineData("""{"timestamp":"2025-01-27T16:00:00Z","bid":0,"ask":0}""", "", "no price")]
    [InlineData("17", "", "not a JSON object")]
    public async Task Invalid_record_is_reported_by_field_and_nothing_is_saved(string record, string field, string why)
    {
        var (status, problem, _) = await _app.PostAsync(
            CommandApp.Command("EURUSD", "quote", """{"timestamp":"2025-01-27T16:00:00Z","bid":1.1}""", record));

        status.ShouldBe(HttpStatusCode.BadRequest, problem.GetRawText());
        var singleError = problem.GetProperty("errors").EnumerateArray().Single();
        singleError.GetProperty("pointer").GetString().ShouldBe(field.Length == 0 ? "/params/data/1" : $"/params/data/1/{field}");
        singleError.GetProperty("detail").GetString()!.ShouldContain(why);
        (await _app.ArchiveAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_faults_are_reported_at_once()
    {
        var (status, problem, _) = await _app.PostAsync(CommandApp.Command(
            "EURUSD", "quote", """{"timestamp":"yesterday","bid":-1}""", """{"timestamp":"2025-01-27T16:00:00Z","bid":1,"bid":1,"ask":-2}""",
            """{"timestamp":"2025-01-27T16:00:00Z","bid":-1,"ask":1,"ask_size":-1}""", """{"timestamp":"2025-01-27T16:00:00Z"}""",
            """{"timestamp":"1980-01-27T16:00:00Z","bid":1}""", """{"timestamp":"2025-01-27T16:00:00Z","price":1,"ticker":"GBPUSD"}"""));

        status.ShouldBe(HttpStatusCode.BadRequest, problem.GetRawText());
        problem.GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("pointer").GetString()!["/params/".Length..]).ShouldBe(
            [
                "data/0/timestamp", "data/0/bid", "data/1/bid", "data/1/ask", "data/2/bid", "data/2/ask_size", "data/3",
                "data/4/timestamp", "data/5/price", "data/5/ticker",
            ],
            ignoreOrder: true);
        (await _app.ArchiveAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"command":"drop_database","params":{"x":1}}""", "/command", "save_realtime_data")]
    [InlineData("""{"params":{}}""", "/command", "save_realtime_data")]
    [InlineData("""{"command":"save_realtime_data"}""", "/params", "missing")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"bar","data":[]}}""", "/params/data_type",
        "quote or trade")]
    [InlineData(
        """{"command":"save_realtime_data","params":{"ticker":"A B","data_type":"quote","data":[]}}""", "/params/ticker", "no symbol")]
    [InlineData("""{"command":"save_realtime_data","params":{"data_type":"quote","data":[]}}""", "/params/ticker", "missing")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote"}}""", "/params/data", "missing")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":{}}}""", "/params/data",
        "not an array")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[],"on_duplicate":"replace"}}""",
        "/params/on_duplicate", "use ignore")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[],"index_col":"time"}}""",
        "/params/index_col", "use timestamp")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[],"on_duplicates":"ignore"}}""",
        "/params/on_duplicates", "no such field")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"EURUSD","data_type":"trade","data":[]}}""", "/params/data_type",
        "have only quotes")]
    [InlineData("""{"command":"save_realtime_data","params":{"ticker":"AAPL","data_type":"quote","data":[]}} {}""", "", "not JSON")]
    [InlineData("[]", "", "not a JSON object")]
    [InlineData("", "", "not JSON")]
    public async Task Invalid_command_is_refused_with_place_and_reason(string body, string place, string why)
    {
        var (status, problem, _) = await _app.PostAsync(body);

        status.ShouldBe(HttpStatusCode.BadRequest, problem.GetRawText());
        var singleError = problem.GetProperty("errors").EnumerateArray().Single();
        singleError.GetProperty("pointer").GetString().ShouldBe(place);
        singleError.GetProperty("detail").GetString()!.ShouldContain(why);
        problem.GetProperty("status").GetInt32().ShouldBe(400);
    }

    [Theory]
    [InlineData("*", "'*' (U+002A)")]
    [InlineData("A>", "'>' (U+003E)")]
    [InlineData("AA?L", "'?' (U+003F)")]
    [InlineData("\u202EAAPL", "U+202E")]
    [InlineData("AA\u200BPL", "U+200B")]
    [InlineData("\uFEFFAAPL", "U+FEFF")]
    [InlineData("\u0410APL", "'\u0410' (U+0410)")]
    [InlineData("A\u00A0PL", "U+00A0")]
    public async Task Invalid_character_of_a_symbol_is_named_in_the_refusal(string symbol, string character)
    {
        var (status, problem, _) = await _app.PostAsync(CommandApp.Command(symbol, "quote"));

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("errors")[0].GetProperty("detail")
            .GetString()!.ShouldContain($"It contains {character}, which no symbol has.");
    }

    [Fact]
    public async Task Body_of_another_type_or_too_long_is_refused()
    {
        (await _app.PostAsync(ValidBody, "application/x-www-form-urlencoded")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await _app.PostAsync(new string(' ', CommandBodies.MaxBytes) + ValidBody)).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _app.ArchiveAsync()).ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
