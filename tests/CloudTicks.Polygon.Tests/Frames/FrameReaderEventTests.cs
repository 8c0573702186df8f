using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames;

public class FrameReaderEventTests
{
    [Theory]
    [InlineData(
        Market.Stock,
        """{"ev":"T","sym":"ABC","x":4,"i":"52983525029461","z":3,"p":114.125,"s":100,"c":[0,12],"t":1700000000123,"pt":1700000000120,"q":3681328,"trfi":202,"trft":1700000000119}""",
        "Stock Trade ABC 1700000000123 Price=114.125 Size=100 Exchange=4 Sequence=3681328 TradeId=52983525029461 Conditions=0,12 Tape=3 "
            + "ParticipantMs=1700000000120 TrfId=202 TrfMs=1700000000119")]
    [InlineData(
        Market.Stock,
        """{"ev":"T","sym":"BRK.A","p":1,"s":0,"ds":"0.25","t":1700000000123,"i":52983}""",
        "Stock Trade BRK.A 1700000000123 Price=1 Size=0.25 TradeId=52983")]
    [InlineData(
        Market.Stock,
        """{"ev":"Q","sym":"ABC","bx":4,"bp":114.12,"bs":100,"ax":7,"ap":114.13,"as":160,"c":0,"i":[604,1],"t":1700000000123,"q":50385480,"z":3}""",
        "Stock Quote ABC 1700000000123 Bid=114.12 Ask=114.13 BidSize=100 AskSize=160 BidExchange=4 AskExchange=7 Sequence=50385480 "
            + "Conditions=0 Indicators=604,1 Tape=3")]
    [InlineData(
        Market.Option,
        """{"ev":"T","sym":"O:SPY251219C00650000","x":65,"p":1.29,"s":1,"c":[209],"t":1700000000123,"q":1000782324}""",
        "Option Trade O:SPY251219C00650000 1700000000123 Price=1.29 Size=1 Exchange=65 Sequence=1000782324 Conditions=209")]
    [InlineData(
        Market.Option,
        """{"ev":"Q","sym":"O:SPY251219P00650000","bx":302,"ax":302,"bp":9.71,"ap":9.81,"bs":17,"as":24,"t":1700000000123,"q":844090872}""",
        "Option Quote O:SPY251219P00650000 1700000000123 Bid=9.71 Ask=9.81 BidSize=17 AskSize=24 BidExchange=302 AskExchange=302 "
            + "Sequence=844090872")]
    [InlineData(
        Market.Forex,
        """{"ev":"C","p":"EUR/USD","x":"48","a":1.10012,"b":1.10008,"t":1700000000000,"i":1}""",
        "Forex Quote EURUSD 1700000000000 Bid=1.10008 Ask=1.10012 Exchange=48")]
    [InlineData(
        Market.Crypto,
        """{"ev":"XT","pair":"BTC-USD","p":33021.9,"s":4e-05,"c":[2],"i":"e70b3a5c-11b2","t":1700000000000,"x":1,"r":1700000000011}""",
        "Crypto Trade BTC-USD 1700000000000 Price=33021.9 Size=0.00004 Exchange=1 TradeId=e70b3a5c-11b2 Conditions=2 "
            + "VendorReceivedMs=1700000000011")]
    [InlineData(
        Market.Crypto,
        """{"ev":"XQ","pair":"BTC-USD","bp":33052.79,"bs":0.48,"ap":33073.19,"as":0.601,"t":1700000000000,"x":2,"r":1700000000011}""",
        "Crypto Quote BTC-USD 1700000000000 Bid=33052.79 Ask=33073.19 BidSize=0.48 AskSize=0.601 Exchange=2 "
            + "VendorReceivedMs=1700000000011")]
    public void Read_event_sets_every_documented_field(Market market, string element, string tick) =>
        DecodedElement.Tick(market, element).ShouldBe(tick);

    [Theory]
    [InlineData("EUR/USD")]
    [InlineData("EUR-USD")]
    [InlineData("C:EURUSD")]
    [InlineData("""EUR\/USD""")]
    [InlineData("""\u0045UR\u002FUSD""")]
    public void Read_pair_in_any_form_is_one_symbol(string pair) =>
        DecodedElement.Tick(Market.Forex, $$"""{"ev":"C","p":"{{pair}}","b":1,"a":2,"t":1700000000000}""")
            .ShouldBe("Forex Quote EURUSD 1700000000000 Bid=1 Ask=2");

    [Theory]
    [InlineData("1700000000", 1_700_000_000_000)]
    [InlineData("1700000000123", 1_700_000_000_123)]
    [InlineData("1700000000123999", 1_700_000_000_123)]
    [InlineData("1700000000123999999", 1_700_000_000_123)]
    [InlineData("1.700000000123e12", 1_700_000_000_123)]
    [InlineData("\"1700000000123\"", 1_700_000_000_123)]
    public void Read_time_in_any_unit_is_milliseconds(string time, long milliseconds) =>
        DecodedElement.Tick(Market.Forex, $$"""{"t":{{time}},"ev":"C","p":"EUR/USD","b":1,"a":2}""")
            .ShouldBe($"Forex Quote EURUSD {milliseconds} Bid=1 Ask=2");

    [Fact]
    public void Read_zero_or_null_side_is_absent()
    {
        DecodedElement.Tick(Market.Stock, """{"ev":"Q","sym":"ABC","bp":0,"bs":0,"ap":114.13,"as":1,"t":1700000000123}""")
            .ShouldBe("Stock Quote ABC 1700000000123 Ask=114.13 BidSize=0 AskSize=1");
        DecodedElement.Tick(Market.Forex, """{"ev":"C","p":"EUR/USD","b":1.5,"a":null,"x":null,"t":1700000000123}""")
            .ShouldBe("Forex Quote EURUSD 1700000000123 Bid=1.5");
    }

    [Fact]
    public void Read_duplicate_key_uses_the_last_value() =>
        DecodedElement.Tick(Market.Forex, """{"ev":"T","ev":"C","p":"EUR/USD","b":1,"b":1.25,"a":2,"a":null,"t":1700000000123}""")
            .ShouldBe("Forex Quote EURUSD 1700000000123 Bid=1.25");

    [Fact]
    public void Read_escaped_keys_and_texts_are_unescaped() =>
        DecodedElement.Tick(Market.Stock, """{"\u0065v":"\u0054","sym":"ABC","p":1,"i":"a\"\u00e9\\","t":1700000000123}""")
            .ShouldBe("Stock Trade ABC 1700000000123 Price=1 TradeId=a\"é\\");

    [Theory]
    [InlineData("""{"ev":"T","sym":"ABC","p":1,"t":1700000000123,"c":[12,41] }""")]
    [InlineData("{\"ev\":\"T\",\"sym\":\"ABC\",\"p\":1,\"t\":1700000000123,\"c\":[12,41]\n}")]
    [InlineData("""{"ev":"T","sym":"ABC","p":1,"c":[12,41] ,"t":1700000000123}""")]
    [InlineData("{\"ev\":\"T\",\"sym\":\"ABC\",\"p\":1,\"t\":1700000000123,\"c\":[ 12 ,\t41 ]\r\n}")]
    public void Read_ignores_white_space_after_closing_bracket(string element) =>
        DecodedElement.Tick(Market.Stock, element).ShouldBe("Stock Trade ABC 1700000000123 Price=1 Conditions=12,41");

    [Fact]
    public void Read_fifteen_decimals_are_exact() =>
        DecodedElement.Tick(Market.Forex, """{"ev":"C","p":"EUR/CZK","b":24.123456789012345,"a":24.223456789012341,"t":1700000000123}""")
            .ShouldBe("Forex Quote EURCZK 1700000000123 Bid=24.123456789012345 Ask=24.223456789012341");

    [Theory]
    [InlineData(Market.Stock, """{"ev":"A","sym":"ABC","v":1}""", "A")]
    [InlineData(Market.Forex, """{"ev":"CAS","pair":"EUR/USD"}""", "CAS")]
    [InlineData(Market.Forex, """{"ev":"T","sym":"ABC","p":1,"t":1700000000123}""", "T")]
    [InlineData(Market.Stock, """{"ev":"LULD","T":"ABC","h":{"deep":[1,{"er":[]}]}}""", "LULD")]
    public void Read_other_event_is_named(Market market, string element, string type) =>
        DecodedElement.All(market, $"[{element}]").ShouldBe([new(ElementKind.OtherEvent, type)]);

    [Theory]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":NaN,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":01,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1.,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"EUR/USD" "b":1,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"t":1700000000123,}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"EUR\x","b":1,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""{"ev":"C","p":"\ud800","b":1,"t":1700000000123}""", TickRejection.NotJson)]
    [InlineData("""12""", TickRejection.NotJson)]
    [InlineData("""null""", TickRejection.NotJson)]
    [InlineData("""{}""", TickRejection.BadField)]
    [InlineData("""{"ev":["C"],"p":"EUR/USD"}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":true,"t":1700000000123}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":"NaN","t":1700000000123}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"x":4.5,"t":1700000000123}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"x":99999999999,"t":1700000000123}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"t":"noon"}""", TickRejection.BadField)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1}""", TickRejection.BadTimestamp)]
    [InlineData("""{"ev":"C","b":1,"t":1700000000123}""", TickRejection.BadSymbol)]
    [InlineData("""{"ev":"C","p":"","b":1,"t":1700000000123}""", TickRejection.BadSymbol)]
    [InlineData("""{"ev":"C","p":"E D","b":1,"t":1700000000123}""", TickRejection.BadSymbol)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1e400,"t":1700000000123}""", TickRejection.BadPrice)]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":123456789012345678901234567890,"t":1700000000123}""", TickRejection.BadPrice)]
    public void Read_malformed_element_is_rejected_with_reason_and_bytes(string element, TickRejection reason)
    {
        const string good = """{"ev":"C","p":"GBP/USD","b":1,"a":2,"t":1700000000123}""";

        var elements = DecodedElement.All(Market.Forex, $"[{good}, {element} ,{good}]");

        elements.Select(read => read.Kind).ShouldBe([ElementKind.Tick, ElementKind.Rejected, ElementKind.Tick]);
        (elements[1].Rejection, elements[1].Text).ShouldBe((reason, element));
    }

    [Theory]
    [InlineData("\\u0039", 128, true)]
    [InlineData("\\u0039", 129, false)]
    [InlineData("\\ud83d\\ude00", 32, true)]
    [InlineData("\\ud83d\\ude00", 33, false)]
    public void Read_trade_id_length_counts_after_unescaping(string letter, int count, bool isKept)
    {
        var id = string.Concat(Enumerable.Repeat(letter, count));

        var read =
            DecodedElement.All(Market.Stock, $$"""{"ev":"T","sym":"ABC","p":1,"i":"{{id}}","t":1700000000123}""").ShouldHaveSingleItem();

        read.Rejection.ShouldBe(isKept ? TickRejection.None : TickRejection.TooLong);
    }

    [Fact]
    public void Read_too_many_codes_or_too_long_id_is_rejected()
    {
        var codes = string.Join(',', Enumerable.Range(0, Tick.MaxListLength + 1));
        DecodedElement.All(Market.Stock, $$"""{"ev":"T","sym":"ABC","p":1,"c":[{{codes}}],"t":1700000000123}""")
            .ShouldHaveSingleItem().Rejection.ShouldBe(TickRejection.TooLong);
        DecodedElement.All(Market.Stock, $$"""{"ev":"T","sym":"ABC","p":1,"i":"{{new string('9', 129)}}","t":1700000000123}""")
            .ShouldHaveSingleItem().Rejection.ShouldBe(TickRejection.TooLong);
    }
}
