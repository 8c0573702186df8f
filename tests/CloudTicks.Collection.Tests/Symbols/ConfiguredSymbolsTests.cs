using CloudTicks.CentralHub.Lists;
using CloudTicks.Collection.Symbols;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.Symbols;

public sealed class ConfiguredSymbolsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Read(CollectorOptions options) => [.. ConfiguredSymbols.Read(options).Select(symbol => symbol.Name)];

    [Theory]
    [InlineData("dow-30", 30, Market.Stock)]
    [InlineData("nasdaq-100", 101, Market.Stock)]
    [InlineData("sp-500", 503, Market.Stock)]
    [InlineData("forex-majors", 7, Market.Forex)]
    [InlineData("metals", 4, Market.Forex)]
    [InlineData("crypto-top", 20, Market.Crypto)]
    public void Read_built_in_list_returns_symbols_of_its_market(string name, int count, Market market)
    {
        var symbols = ConfiguredSymbols.Read(new CollectorOptions { Lists = [name] });

        symbols.Count.ShouldBe(count);
        symbols.ShouldAllBe(symbol => symbol.Market == market);
        File.ReadAllText(Path.Combine(NamedLists.BuiltIn, $"{name}.yaml")).ShouldContain("as_of: 20");
    }

    [Theory]
    [InlineData("sp500")]
    [InlineData("SP_500")]
    [InlineData("S&P 500")]
    public void Read_ignores_spelling_of_list_name(string name) => Read(new CollectorOptions { Lists = [name] }).Length.ShouldBe(503);

    [Fact]
    public void Read_list_named_all_has_each_symbol_of_all_lists_once()
    {
        var all = Read(new CollectorOptions { Lists = ["all"] });

        all.ShouldBeUnique();
        all.Length.ShouldBeGreaterThan(530);
        foreach (var list in new NamedLists(null).Names)
        {
            Read(new CollectorOptions { Lists = [list] }).Except(all).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Read_repeated_symbol_has_its_first_position()
    {
        var file = _folder.Write("mine.yaml", "- KO\n- MSFT\n- EUR/USD\n");

        var symbols = Read(new CollectorOptions
        {
            Symbols = ["MSFT", "BTC-USD", "EURUSD", "MSFT"],
            SymbolFiles = [file],
            Lists = ["forex-majors", "dow-30"]
        });

        symbols.Take(6).ShouldBe(["MSFT", "BTC-USD", "EURUSD", "KO", "USDJPY", "GBPUSD"]);
        symbols.ShouldBeUnique();
    }

    [Fact]
    public void Read_custom_lists_replace_and_add_to_built_in_lists()
    {
        _folder.Write("dow30.yaml", "- XYZ\n");
        _folder.Write("my-tech.yaml", "symbols: [ABC]\n");
        var options = new CollectorOptions { Lists = ["dow-30", "MyTech"], ListFolder = _folder.Path };

        Read(options).ShouldBe(["XYZ", "ABC"]);
        Read(options with { Lists = ["all"] }).ShouldContain("ABC");
    }

    [Theory]
    [InlineData("sp-50", "did you mean sp-500?")]
    [InlineData("nasdaq", "did you mean nasdaq-100?")]
    [InlineData("forexmajor", "did you mean forex-majors?")]
    [InlineData("shares", "The lists are crypto-top, dow-30, forex-majors, metals, nasdaq-100, sp-500 and all")]
    public void Read_unknown_list_fails_naming_known_lists(string name, string part)
    {
        var refusal = Should.Throw<CollectorException>(() => Read(new CollectorOptions { Lists = [name] })).Message;

        refusal.ShouldContain($"'{name}'");
        refusal.ShouldContain(part);
    }

    [Fact]
    public void Read_missing_list_folder_fails_naming_the_folder() =>
        Should.Throw<CollectorException>(
            () => Read(new CollectorOptions { Lists = ["metals"], ListFolder = Path.Combine(_folder.Path, "none") }))
            .Message.ShouldContain("none cannot be read");

    [Fact]
    public void Read_underlyings_are_not_collected_themselves()
    {
        Read(new CollectorOptions { Underlyings = ["SPY"] }).ShouldBeEmpty();
        Should.Throw<CollectorException>(() => Read(new CollectorOptions { Underlyings = ["O:SPY251219C00650000"] })).Message.ShouldContain(
            "Collector:Underlyings");
    }

    [Fact]
    public void Read_uses_defaults_only_without_rollouts()
    {
        Read(new CollectorOptions { Rollouts = RolloutSettings.Parse("""{"operational":{"rollouts":[{"flag":"f","list":"metals"}]}}""") })
            .ShouldBeEmpty();
        Read(new CollectorOptions { Rollouts = RolloutSettings.Parse("""{"operational":{"rollouts":[]}}""") }).Length.ShouldBe(14);
        Read(new CollectorOptions { Rollouts = RolloutSettings.Parse("") }).Length.ShouldBe(14);
    }

    [Theory]
    [InlineData("metals", "Collector:Rollouts cannot be read")]
    [InlineData("""["metals"]""", "not a JSON object")]
    [InlineData("""{"operational":{"rollouts":[{"flag":"f"}]}}""", "a flag and a list")]
    [InlineData("""{"operational":{"rollouts":[{"flag":"f","list":"metal"}]}}""", "did you mean metals?")]
    [InlineData("""{"operational":{"rollouts":[]},"operational":{}}""", "Collector:Rollouts cannot be read")]
    public void Read_invalid_rollouts_are_refused(string rollouts, string sentence) =>
        Should.Throw<CollectorException>(
            () => Read(new CollectorOptions { Rollouts = RolloutSettings.Parse(rollouts) })).Message.ShouldContain(sentence);

    [Fact]
    public void Plan_keeps_order_and_omits_symbols_without_trades()
    {
        var options = new CollectorOptions { Symbols = ["MSFT", "AAPL"], Lists = ["forex-majors"], Feed = FeedSelection.Trades };

        SubscriptionPlan.Create(options).ShouldHaveSingleItem().Value.Select(channel => channel.ToString()).ShouldBe(["T.MSFT", "T.AAPL"]);
        Should.Throw<CollectorException>(
            () => SubscriptionPlan.Create(options with { Symbols = ["MSFT", "EURUSD"] })).Message.ShouldContain("EURUSD has none");
        Should.Throw<CollectorException>(() => SubscriptionPlan.Create(options with { Symbols = null })).Message.ShouldContain(
            "quotes only");
    }
}
