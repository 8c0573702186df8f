using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks.Tests;

public class SymbolGrammarTests
{
    [Theory]
    [InlineData("EURUSD")]
    [InlineData("eur/usd")]
    [InlineData("XAUUSD")]
    [InlineData("XPDUSD")]
    [InlineData("USDCNH")]
    [InlineData("BTC-USD")]
    [InlineData("X:NEWCOIN-EUR")]
    [InlineData("ETH-BTC")]
    [InlineData("O:SPY251219C00650000")]
    [InlineData("O:AAPL1260116P00000500")]
    [InlineData("AAPL")]
    [InlineData("F")]
    [InlineData("BRK.B")]
    [InlineData("BACpL")]
    [InlineData("TpA")]
    [InlineData("ABCr")]
    [InlineData("ABCw")]
    [InlineData("ACHR.WS")]
    [InlineData("AAC.WS.A")]
    [InlineData("S1234")]
    [InlineData("NTEST.A")]
    public void WarningOf_plausible_symbol_is_null(string text) => WarningOf(text).ShouldBeNull();

    [Theory]
    [InlineData("###", "not a ticker", null)]
    [InlineData("aapl", "upper-case", "AAPL")]
    [InlineData("Aapl", "upper-case", "AAPL")]
    [InlineData("brk.b", "upper-case", "BRK.B")]
    [InlineData("NOTREAL", "not a ticker", null)]
    [InlineData("EURUDS", "not a ticker", "EURUSD")]
    [InlineData("ERUUSD", "not a ticker", "EURUSD")]
    [InlineData("EUR/UDS", "UDS is not a currency", "EURUSD")]
    [InlineData("ABC/XYQ", "ABC and XYQ are not currencies", null)]
    [InlineData("EUREUR", "Both of its currencies are EUR.", null)]
    [InlineData("BRK/B", "not a currency pair", null)]
    [InlineData("BTCUSD", "not a ticker", "BTC-USD")]
    [InlineData("BTCUSDT", "not a ticker", "BTC-USDT")]
    [InlineData("BTC-UDS", "UDS is not a known currency", "BTC-USD")]
    [InlineData("X:BTC", "not a pair of a cryptocurrency", null)]
    [InlineData("O:SPY", "not an option contract", null)]
    [InlineData("O:SPY251319C00650000", "251319 is not a date", null)]
    [InlineData("O:SPY250229C00650000", "250229 is not a date", null)]
    [InlineData("O:SPY251219X00650000", "'X' instead of C", null)]
    [InlineData("O:SPY251219C0065000A", "not a price in thousandths", null)]
    [InlineData("O:SPY251219C00000000", "not a price in thousandths", null)]
    [InlineData("O:1SPY51219C00650000", "not an option contract", null)]
    [InlineData("I:SPX", "Indices are not collected", null)]
    [InlineData("A..B", "not a ticker", null)]
    [InlineData("<script", "not a ticker", null)]
    public void WarningOf_implausible_symbol_gives_reason_and_suggestion(string text, string why, string? nearest)
    {
        var warning = WarningOf(text).ShouldNotBeNull();

        (warning.Reason, warning.Nearest).ShouldSatisfyAllConditions(
            one => one.Reason.ShouldContain(why), one => one.Nearest.ShouldBe(nearest));
    }

    [Fact]
    public void WarningOf_suggested_symbol_is_null()
    {
        foreach (var text in (string[])["aapl", "EURUDS", "BTCUSD", "EUR/UDS", "gbpuds", "USDJYP", "XAUUDS"])
        {
            WarningOf(WarningOf(text)!.Nearest!).ShouldBeNull(text);
        }
    }

    [Theory]
    [InlineData("AAPL MSFT", "AAPL MSFT")]
    [InlineData(" AAPL,\tMSFT ,, EUR/USD\n", "AAPL MSFT EUR/USD")]
    [InlineData("AAPL EUR USD", "AAPL EUR USD")]
    [InlineData("AAPL,EUR USD", "AAPL|EUR USD")]
    [InlineData(" , ", "")]
    public void Split_separates_at_whitespace_and_commas(string text, string parts) => SymbolText.Split(text).ShouldBe(
        parts.Contains('|') ? parts.Split('|') : parts.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static SymbolWarning? WarningOf(string text) =>
        SymbolGrammar.WarningOf(Symbol.TryParse(text, out var symbol) ? symbol : throw new ArgumentException(text));
}
