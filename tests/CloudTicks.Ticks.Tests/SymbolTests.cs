namespace CloudTicks.Ticks.Tests;

public class SymbolTests
{
    [Theory]
    [InlineData("EUR/USD", Market.Forex, "EURUSD")]
    [InlineData("EUR-USD", Market.Forex, "EURUSD")]
    [InlineData("C:EURUSD", Market.Forex, "EURUSD")]
    [InlineData("C:EUR-USD", Market.Forex, "EURUSD")]
    [InlineData("eurusd", Market.Forex, "EURUSD")]
    [InlineData("XAUUSD", Market.Forex, "XAUUSD")]
    [InlineData("C:ABCUSD", Market.Forex, "C:ABCUSD")]
    [InlineData("BTC-USD", Market.Crypto, "BTC-USD")]
    [InlineData("X:BTCUSD", Market.Crypto, "BTC-USD")]
    [InlineData("X:BTC-USD", Market.Crypto, "BTC-USD")]
    [InlineData("X:NEWCOIN-USD", Market.Crypto, "X:NEWCOIN-USD")]
    [InlineData("AAPL", Market.Stock, "AAPL")]
    [InlineData("BRK.A", Market.Stock, "BRK.A")]
    [InlineData("BACpL", Market.Stock, "BACpL")]
    [InlineData("O:SPY251219C00650000", Market.Option, "O:SPY251219C00650000")]
    public void TryParse_any_form_gives_market_and_normalised_name(string text, Market market, string name)
    {
        Symbol.TryParse(text, out var symbol).ShouldBeTrue();

        (symbol.Market, symbol.Name).ShouldBe((market, name));
        Symbol.TryParse(symbol.Name, out var again).ShouldBeTrue();
        again.ShouldBe(symbol);
    }

    [Theory]
    [InlineData(Market.Forex, "EUR/USD", "EURUSD")]
    [InlineData(Market.Crypto, "NEWCOIN-USD", "X:NEWCOIN-USD")]
    [InlineData(Market.Stock, "MSFT", "MSFT")]
    public void TryParse_with_known_market_accepts_the_feeds_form(Market market, string text, string name)
    {
        Symbol.TryParse(market, text, out var symbol).ShouldBeTrue();

        (symbol.Market, symbol.Name).ShouldBe((market, name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("EUR USD")]
    [InlineData("EUR/USD,GBP/USD")]
    [InlineData("A\u0000B")]
    [InlineData("C:")]
    [InlineData("--dryrun")]
    [InlineData("-")]
    [InlineData("-5")]
    [InlineData("-EUR-USD")]
    [InlineData("*")]
    [InlineData("A>")]
    [InlineData("A?")]
    [InlineData("\u202EAAPL")]
    [InlineData("AA\u200BPL")]
    [InlineData("\u0410APL")]
    [InlineData("C:EUR\u200FUSD")]
    [InlineData("A12345678901234567890123456789012345678901234567890123456789012345")]
    public void TryParse_text_that_is_not_a_symbol_is_refused(string? text) => Symbol.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("--dryrun")]
    [InlineData("-*")]
    public void SymbolFilter_text_that_begins_with_a_dash_is_refused(string text)
    {
        SymbolFilter.TryParse(["EURUSD", text], out _, out var fault).ShouldBeFalse();

        fault.ShouldStartWith($"'{text}': It is not a symbol");
    }

    [Fact]
    public void SymbolDictionary_symbol_with_a_leading_dash_is_read() =>
        new SymbolDictionary().TryGet(Market.Stock, "--dryrun"u8, out _).ShouldBeTrue();

    [Theory]
    [InlineData("*")]
    [InlineData("\u202EAAPL")]
    [InlineData("\u0410APL")]
    public void TryParseStored_name_of_an_earlier_version_is_read(string name)
    {
        Symbol.TryParse(Market.Stock, name, out _).ShouldBeFalse();
        Symbol.TryParseStored(Market.Stock, name, out var symbol).ShouldBeTrue();

        symbol.Name.ShouldBe(name);
        new SymbolDictionary().TryGetStored(Market.Stock, symbol.Utf8, out var again).ShouldBeTrue();
        again.ShouldBe(symbol);
        new SymbolDictionary().TryGet(Market.Stock, symbol.Utf8, out _).ShouldBeFalse();
    }

    // From org.apache.kafka.common.utils.UtilsTest, testMurmur2, as signed 32-bit numbers.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void PartitionOf_equals_kafkas_default_partitioner(string name, int murmur2)
    {
        Symbol.TryParse(Market.Stock, name, out var symbol).ShouldBeTrue();

        symbol.PartitionOf(32).ShouldBe((murmur2 & int.MaxValue) % 32);
        symbol.PartitionOf(int.MaxValue).ShouldBe((murmur2 & int.MaxValue) % int.MaxValue);
    }

    [Fact]
    public void SymbolDictionary_two_forms_of_a_name_give_one_symbol()
    {
        var symbols = new SymbolDictionary();

        symbols.TryGet(Market.Forex, "EUR/USD"u8, out var slash).ShouldBeTrue();
        symbols.TryGet(Market.Forex, "EUR-USD"u8, out var dash).ShouldBeTrue();

        dash.ShouldBeSameAs(slash);
    }

    [Fact]
    public void SymbolDictionary_when_full_refuses_new_names()
    {
        var symbols = new SymbolDictionary(capacity: 1);
        symbols.TryGet(Market.Stock, "AAPL"u8, out _).ShouldBeTrue();

        symbols.TryGet(Market.Stock, "MSFT"u8, out _).ShouldBeFalse();
        symbols.TryGet(Market.Stock, "AAPL"u8, out _).ShouldBeTrue();
    }

    [Fact]
    public void SymbolDictionary_invalid_utf8_is_refused() =>
        new SymbolDictionary().TryGet(Market.Stock, [0x41, 0xFF], out _).ShouldBeFalse();
}
