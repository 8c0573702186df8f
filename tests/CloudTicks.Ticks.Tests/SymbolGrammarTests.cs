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
    public void What_looks_like_a_symbol_of_its_market_is_not_doubtful(string text) => DoubtOf(text).ShouldBeNull();

    [Theory]
    [InlineData("###", "no ticker", null)]
    [InlineData("aapl", "upper-case", "AAPL")]
    [InlineData("Aapl", "upper-case", "AAPL")]
    [InlineData("brk.b", "upper-case", "BRK.B")]
    [InlineData("NOTREAL", "no ticker", null)]
    [InlineData("EURUDS", "no ticker", "EURUSD")]
    [InlineData("ERUUSD", "no ticker", "EURUSD")]
    [InlineData("EUR/UDS", "UDS is no currency", "EURUSD")]
    [InlineData("ABC/XYQ", "ABC and XYQ are no currency", null)]
    [InlineData("EUREUR", "EUR in EUR", null)]
    [InlineData("BRK/B", "no pair", null)]
    [InlineData("BTCUSD", "no ticker", "BTC-USD")]
    [InlineData("BTCUSDT", "no ticker", "BTC-USDT")]
    [InlineData("BTC-UDS", "UDS is no known currency", "BTC-USD")]
    [InlineData("X:BTC", "no pair of a crypto currency", null)]
    [InlineData("O:SPY", "no option contract", null)]
    [InlineData("O:SPY251319C00650000", "251319 is no date", null)]
    [InlineData("O:SPY250229C00650000", "250229 is no date", null)]
    [InlineData("O:SPY251219X00650000", "'X' stands where", null)]
    [InlineData("O:SPY251219C0065000A", "no price in thousandths", null)]
    [InlineData("O:SPY251219C00000000", "no price in thousandths", null)]
    [InlineData("O:1SPY51219C00650000", "no option contract", null)]
    [InlineData("I:SPX", "no indices", null)]
    [InlineData("A..B", "no ticker", null)]
    [InlineData("<script", "no ticker", null)]
    public void What_does_not_is_doubtful_and_the_likely_one_is_named(string text, string why, string? nearest)
    {
        var doubt = DoubtOf(text).ShouldNotBeNull();

        (doubt.Reason, doubt.Nearest).ShouldSatisfyAllConditions(
            one => one.Reason.ShouldContain(why), one => one.Nearest.ShouldBe(nearest));
    }

    [Fact]
    public void The_likely_symbol_is_not_doubtful_itself()
    {
        foreach (var text in (string[])["aapl", "EURUDS", "BTCUSD", "EUR/UDS", "gbpuds", "USDJYP", "XAUUDS"])
        {
            DoubtOf(DoubtOf(text)!.Nearest!).ShouldBeNull(text);
        }
    }

    [Theory]
    [InlineData("AAPL MSFT", "AAPL MSFT")]
    [InlineData(" AAPL,\tMSFT ,, EUR/USD\n", "AAPL MSFT EUR/USD")]
    [InlineData("AAPL EUR USD", "AAPL EUR USD")]
    [InlineData("AAPL,EUR USD", "AAPL|EUR USD")]
    [InlineData(" , ", "")]
    public void Blanks_and_commas_separate_symbols(string text, string parts) => SymbolText.Split(text).ShouldBe(
        parts.Contains('|') ? parts.Split('|') : parts.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static SymbolDoubt? DoubtOf(string text) =>
        SymbolGrammar.DoubtOf(Symbol.TryParse(text, out var symbol) ? symbol : throw new ArgumentException(text));
}
