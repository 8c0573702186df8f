using CloudTicks.CentralHub.Lists;
using CloudTicks.TestServices;

namespace CloudTicks.CentralHub.Tests.Lists;

public sealed class SymbolListFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Read(string text) =>
        [.. SymbolListFile.Read(_folder.Write("list.yaml", text)).Select(symbol => $"{symbol.Market} {symbol}")];

    [Theory]
    [InlineData("- AAPL\n- EUR/USD\n- X:BTC-USD\n")]
    [InlineData("[AAPL, EURUSD, BTC-USD]")]
    [InlineData("\uFEFF# mine\nas_of: 2025-01-01\nsymbols:\n  - AAPL\n  - C:EURUSD\n  - \"BTC-USD\"\n")]
    [InlineData("tech: [AAPL]\nothers:\n- EURUSD # the pair\n- btcusd-is-no-list\n")]
    public void Read_plain_and_named_lists_are_accepted(string text)
    {
        var symbols = Read(text.Replace("btcusd-is-no-list", "BTC-USD", StringComparison.Ordinal));

        symbols.ShouldBe(["Stock AAPL", "Forex EURUSD", "Crypto BTC-USD"]);
    }

    [Fact]
    public void Read_tickers_that_are_yaml_keywords_stay_tickers() =>
        Read("- ON\n- NO\n- TRUE\n- Y\n- ~\n- 1.50\n- 0x10\n")
            .ShouldBe(["Stock ON", "Stock NO", "Stock TRUE", "Stock Y", "Stock ~", "Stock 1.50", "Stock 0x10"]);

    [Theory]
    [InlineData("- AAPL\n- A B\n", "line 2, column 3", "'A B'")]
    [InlineData("- AAPL\n- [MSFT]\n", "line 2, column 3", "a list has only names")]
    [InlineData("- AAPL\n- MSFT: 1\n", "line 2, column 3", "a list has only names")]
    [InlineData("tech:\n  - AAPL\n other: [x\n", "line 3", "is not YAML")]
    [InlineData("tech: AAPL\n", "line 1, column 7", "not a list of symbols under 'tech'")]
    [InlineData("AAPL\n", "line 1, column 1", "is not a list")]
    [InlineData("- &a AAPL\n- *a\n", "line 2, column 3", "is not a symbol")]
    [InlineData("- AAPL\n---\n- MSFT\n", "line 2, column 1", "second document")]
    [InlineData("? [a]\n: [AAPL]\n", "line 1, column 3", "not the name of a list")]
    [InlineData("", "list.yaml", "has no symbols")]
    [InlineData("# nothing\n", "list.yaml", "has no symbols")]
    [InlineData("symbols:\n", "list.yaml", "has no symbols")]
    public void Read_error_names_file_line_and_column(string text, string place, string part)
    {
        var refusal = Should.Throw<SymbolListException>(() => Read(text)).Message;

        refusal.ShouldContain(_folder.Path);
        refusal.ShouldContain(place);
        refusal.ShouldContain(part);
    }

    [Fact]
    public void Read_deep_nesting_is_refused() =>
        Should.Throw<SymbolListException>(() => Read(new string('[', 100_000))).Message.ShouldContain("line 1");

    [Fact]
    public void Read_large_binary_or_missing_file_is_refused()
    {
        Should.Throw<SymbolListException>(() => Read(new string('#', (4 << 20) + 1))).Message.ShouldContain("4.2 MB");
        var binaryFile = Path.Combine(_folder.Path, "bytes");
        File.WriteAllBytes(binaryFile, [0xC3, 0x28]);
        Should.Throw<SymbolListException>(() => SymbolListFile.Read(binaryFile)).Message.ShouldContain("UTF-8");
        Should.Throw<SymbolListException>(() => SymbolListFile.Read(Path.Combine(_folder.Path, "none.yaml"))).Message.ShouldContain(
            "none.yaml cannot be read");
        Should.Throw<SymbolListException>(() => SymbolListFile.Read(_folder.Path)).Message.ShouldContain("cannot be read");
    }
}
