using CloudTicks.Collection.Symbols;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.Symbols;

public sealed class MarketChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Doubtful_names_and_file_entries_are_refused_together()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("mine.yaml", "- AAPL\n- msft\n");

        var refusal = Should.Throw<CollectorException>(() => MarketChoice.Resolve(null, ["EURUDS", "###", "F"], [file], [], null)).Message;

        refusal.ShouldContain("'EURUDS': ");
        refusal.ShouldContain("Did you mean EURUSD?");
        refusal.ShouldContain("'###': ");
        refusal.ShouldContain($"{file}, line 2: 'msft'. Tickers are written in upper-case letters. Did you mean MSFT?");
        refusal.ShouldEndWith("add --force (?force=true over HTTP).");
        MarketChoice.Resolve(null, ["EURUDS"], [file], [], null, acceptsDoubtful: true).Symbols.ShouldBe(["EURUDS", "AAPL", "msft"]);
    }

    [Theory]
    [InlineData(null, "AAPL,EURUSD,BTC-USD,AAPL", "AAPL,EURUSD,BTC-USD", "")]
    [InlineData(Market.Stock, "AAPL,BRK.A", "AAPL,BRK.A", "")]
    [InlineData(Market.Forex, "EUR/USD,C:ABCUSD", "EURUSD,C:ABCUSD", "")]
    [InlineData(Market.Crypto, "BTCUSD,X:ETH-USD", "BTC-USD,ETH-USD", "")]
    [InlineData(Market.Option, "SPY,O:SPY251219C00650000", "O:SPY251219C00650000", "SPY")]
    public void Resolve_parses_names_for_the_market(Market? market, string names, string symbols, string underlyings)
    {
        var choice = MarketChoice.Resolve(market, names.Split(','), [], [], null, acceptsDoubtful: true);

        string.Join(',', choice.Symbols).ShouldBe(symbols);
        string.Join(',', choice.Underlyings).ShouldBe(underlyings);
    }

    [Fact]
    public void Resolve_filters_files_and_lists_by_market()
    {
        var file = _folder.File("mine.yaml");
        File.WriteAllText(file, "symbols:\n- TSLA\n- EURUSD\n- BTC-USD\n");

        MarketChoice.Resolve(Market.Stock, [], [file], [], null).Symbols.ShouldBe(["TSLA"]);
        MarketChoice.Resolve(Market.Option, [], [file], [], null).Underlyings.ShouldBe(["TSLA"]);
        MarketChoice.Resolve(null, [], [file], [], null).Symbols.ShouldBe(["TSLA", "EURUSD", "BTC-USD"]);
        MarketChoice.Resolve(Market.Forex, [], [], ["all"], null).Symbols.ShouldContain("XAUUSD");
        MarketChoice.Resolve(null, [], [], ["all"], null).Symbols.ShouldNotContain("XAUUSD");
        MarketChoice.Resolve(null, [], [], ["metals"], null).Symbols.ShouldContain("XAUUSD");
    }

    [Theory]
    [InlineData(Market.Stock, "EURUSD", "forex")]
    [InlineData(Market.Forex, "AAPL", "stocks")]
    [InlineData(Market.Option, "BTC-USD", "crypto")]
    [InlineData(null, "A B", "not a symbol")]
    public void Resolve_name_of_other_market_throws(Market? market, string name, string reason) =>
        Should.Throw<CollectorException>(() => MarketChoice.Resolve(market, [name], [], [], null)).Message.ShouldContain(reason);

    [Fact]
    public void Resolve_without_symbols_throws()
    {
        Should.Throw<CollectorException>(() => MarketChoice.Resolve(null, [], [], [], null)).Message.ShouldContain("Nothing is selected");
        Should.Throw<CollectorException>(() => MarketChoice.Resolve(Market.Crypto, [], [], ["sp-500"], null)).Message.ShouldContain(
            "crypto");
    }

    public void Dispose() => _folder.Dispose();
}
