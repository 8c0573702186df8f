using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Cli.Tests.Configuring;

public sealed class SymbolsTests : IAsyncLifetime
{
    private const string Defaults = "EURUSD,XAUUSD,GBPUSD,USDJPY,AUDUSD,USDCAD,NZDUSD,EURGBP,EURJPY,GBPJPY,AUDJPY,NZDJPY,USDCHF,XAGUSD";

    private ScriptedHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await ScriptedHub.StartAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Add_appends_only_new_symbols()
    {
        var (code, output, _) = await RunAsync("symbols", "add", "eur/aud", "AAPL,MSFT", "EURUSD");

        code.ShouldBe(0);
        output.ShouldStartWith("+ subscribe EURAUD\n+ subscribe AAPL\n+ subscribe MSFT\n");
        _hub.Symbols.ShouldBe(Defaults + ",EURAUD,AAPL,MSFT");
        (await RunAsync("symbols", "add", "EURAUD")).Output.ShouldContain("Nothing changes");
        _hub.Newest.ShouldBe(1);
    }

    [Fact]
    public async Task Add_keeps_a_concurrent_edit()
    {
        var others = new Queue<string>(
            ["""{"operational":{"symbols":["EURUSD","TSLA"]}}""", """{"operational":{"symbols":["EURUSD","TSLA","NVDA"]}}"""]);
        _hub.BeforeAnswer = http =>
        {
            if (http.Request.Method == HttpMethods.Post && others.TryDequeue(out var patch))
            {
                _hub.Patch(patch);
            }
        };

        (await RunAsync("symbols", "add", "EURAUD")).Code.ShouldBe(0);

        _hub.Symbols.ShouldBe("EURUSD,TSLA,NVDA,EURAUD");
    }

    [Fact]
    public async Task Concurrent_additions_all_succeed()
    {
        string[] names = ["AAPL", "MSFT", "TSLA", "NVDA", "AMZN", "META"];

        var results = await Task.WhenAll(names.Select(name => RunAsync("symbols", "add", name)));

        results.ShouldAllBe(result => result.Code == 0);
        names.ShouldAllBe(name => _hub.Symbols.Contains(name));
        _hub.Symbols.ShouldStartWith(Defaults);
    }

    [Fact]
    public async Task Remove_drops_named_symbols_and_reports_unknown_ones()
    {
        (await RunAsync("symbols", "remove", "EUR/USD", "XAGUSD")).Code.ShouldBe(0);
        _hub.Symbols.ShouldBe(Defaults[7..^7]);

        var (code, _, errors) = await RunAsync("symbols", "remove", "USDJPY", "AAPL");

        code.ShouldBe(1);
        errors.ShouldContain("The document does not name AAPL");
        _hub.Newest.ShouldBe(1);
    }

    [Fact]
    public async Task List_prints_symbols_and_other_selections()
    {
        _hub.Patch("""{"operational":{"symbols":["EURUSD"],"lists":["dow-30"],"underlyings":["SPY"]}}""");

        (await RunAsync("symbols", "list")).Output.ShouldBe("EURUSD\nlist dow-30\noptions of SPY\n");
        JsonNode.Parse((await RunAsync("symbols", "list", "--json")).Output)!["lists"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Add_of_an_unlikely_symbol_needs_force()
    {
        var (code, _, errors) = await RunAsync("symbols", "add", "aapl NOTREAL");

        (code, _hub.Newest).ShouldBe((4, 0));
        errors.ShouldContain("'aapl'. Tickers are written in upper-case letters. Did you mean AAPL?");
        errors.ShouldContain("'NOTREAL'");
        errors.ShouldContain("--force");
        (await RunAsync("symbols", "add", "NOTREAL", "--force")).Code.ShouldBe(0);
        _hub.Symbols.ShouldBe(Defaults + ",NOTREAL");
        (await RunAsync("symbols", "add", "EURAUD")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Add_refuses_symbols_that_the_reference_data_lack()
    {
        var requested = new ConcurrentQueue<string>();
        await using var polygon = WebApplication.Create();
        polygon.Urls.Add("http://127.0.0.1:0");
        polygon.Run(async http =>
        {
            requested.Enqueue(http.Request.Path);
            http.Response.StatusCode = http.Request.Path.ToString().EndsWith("GOOGX", StringComparison.Ordinal) ? 404 : 200;
            await http.Response.WriteAsync(http.Response.StatusCode == 404 ? """{"status":"NOT_FOUND"}""" : """{"status":"OK"}""");
        });
        await polygon.StartAsync(TestContext.Current.CancellationToken);

        var refusedAddition = await AddAsync(polygon.Urls.Single(), "GOOGX", "ZZZZ", "AAPL", "EURAUD");
        var acceptedAddition = await AddAsync(polygon.Urls.Single(), "ZZZZ");
        var uncheckedAddition = await AddAsync("http://127.0.0.1:9", "ZZZY");

        refusedAddition.Code.ShouldBe(4);
        refusedAddition.Errors.ShouldContain("The reference data does not contain GOOGX. Did you mean GOOG?");
        refusedAddition.Errors.ShouldNotContain("ZZZZ");
        requested.ShouldBe(["/v3/reference/tickers/GOOGX", "/v3/reference/tickers/ZZZZ", "/v3/reference/tickers/ZZZZ"]);
        acceptedAddition.Code.ShouldBe(0, acceptedAddition.Errors);
        uncheckedAddition.Code.ShouldBe(0, uncheckedAddition.Errors);
        uncheckedAddition.Errors.ShouldContain("could not be looked up");
        _hub.Symbols.ShouldBe(Defaults + ",ZZZZ,ZZZY");

        Task<(int Code, string Output, string Errors)> AddAsync(string address, params string[] symbols) => CliProcess.RunAsync(
            new Dictionary<string, string?>
            {
                ["POLYGON_API_KEY"] = "a-key",
                ["Polygon__RestEndpoint"] = address,
                ["Polygon__Endpoint"] = "ws://127.0.0.1:9",
            },
            ["symbols", "add", .. symbols, "--hub", _hub.Address]);
    }

    [Fact]
    public async Task Add_of_an_invalid_symbol_is_wrong_usage()
    {
        var (code, _, errors) = await RunAsync("symbols", "add", "EUR USD");

        code.ShouldBe(2);
        errors.ShouldContain("'EUR USD'");
    }

    [Theory]
    [InlineData("--dryrun is not an option of symbols add; did you mean --dry-run?", "--dryrun")]
    [InlineData("--coment is not an option of symbols add; did you mean --comment?", "--coment", "why")]
    [InlineData("'--dryrun': It is not a symbol", "--", "--dryrun")]
    [InlineData("'--dryrun': It is not a symbol", "AAPL,--dryrun")]
    public async Task Add_with_a_misspelt_option_changes_nothing(string sentence, params string[] wrong)
    {
        // The environment names the central hub: after "--", the option --hub that RunAsync appends would be read as a symbol.
        var (code, output, errors) = await CliProcess.RunAsync(
            new Dictionary<string, string?> { ["CLOUDTICKS_HUB"] = _hub.Address }, ["symbols", "add", "EURAUD", .. wrong]);

        (code, output).ShouldBe((2, ""), errors);
        errors.ShouldContain(sentence);
        _hub.Newest.ShouldBe(0);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(new Dictionary<string, string?>(), [.. arguments, "--hub", _hub.Address]);
}
