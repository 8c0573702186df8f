using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Polygon.Tests.Rest;

public class HistoryRowTests
{
    [Theory]
    [InlineData(
        Market.Stock, TickKind.Trade, "ABC",
        """{"conditions":[0,12],"exchange":4,"id":"52983525029461","participant_timestamp":1700000000120123456,"price":114.125,"sequence_number":3681328,"sip_timestamp":1700000000123999999,"size":100,"tape":3,"trf_id":202,"trf_timestamp":1700000000119000001,"correction":0}""",
        "Stock Trade ABC 1700000000123 Price=114.125 Size=100 Exchange=4 Sequence=3681328 TradeId=52983525029461 Conditions=0,12 Tape=3 "
            + "ParticipantMs=1700000000120 TrfId=202 TrfMs=1700000000119")]
    [InlineData(
        Market.Stock, TickKind.Quote, "ABC",
        """{"ask_exchange":7,"ask_price":114.13,"ask_size":160,"bid_exchange":4,"bid_price":114.12,"bid_size":100,"conditions":[0],"indicators":[604,1],"participant_timestamp":1700000000120000000,"sequence_number":50385480,"sip_timestamp":1700000000123456789,"tape":3}""",
        "Stock Quote ABC 1700000000123 Bid=114.12 Ask=114.13 BidSize=100 AskSize=160 BidExchange=4 AskExchange=7 Sequence=50385480 "
            + "Conditions=0 Indicators=604,1 Tape=3 ParticipantMs=1700000000120")]
    [InlineData(
        Market.Forex, TickKind.Quote, "EURUSD",
        """{"ask_exchange":48,"ask_price":1.10012,"bid_exchange":48,"bid_price":1.10008,"participant_timestamp":1700000000000000000}""",
        "Forex Quote EURUSD 1700000000000 Bid=1.10008 Ask=1.10012 Exchange=48")]
    [InlineData(
        Market.Crypto, TickKind.Trade, "BTC-USD",
        """{"conditions":[2],"exchange":1,"id":"e70b3a5c-11b2","participant_timestamp":1700000000000000000,"price":33021.9,"size":4e-05}""",
        "Crypto Trade BTC-USD 1700000000000 Price=33021.9 Size=0.00004 Exchange=1 TradeId=e70b3a5c-11b2 Conditions=2")]
    public async Task ReadTicks_row_sets_every_documented_field(
        Market market, TickKind kind, string name, string row, string tick)
    {
        await using var peer = await RestPeer.StartAsync($$"""{"request_id":"1","results":[{{row}}],"status":"OK"}""");

        (await ReadHistory.AllAsync(peer.Client, market, kind, name)).Ticks.ShouldBe([tick]);
    }

    [Theory]
    [InlineData(
        Market.Stock, "BRK.A",
        """{"ev":"T","sym":"BRK.A","x":4,"i":"52983","z":3,"p":114.10,"s":100,"c":[0,12],"t":1700000000123,"q":3681328}""",
        """{"exchange":4,"id":"52983","price":114.1,"sequence_number":3681328,"sip_timestamp":1700000000123999999,"participant_timestamp":1700000000000000000,"size":100.0}""")]
    [InlineData(
        Market.Stock, "ABC",
        """{"ev":"T","sym":"ABC","x":4,"i":"52983","p":1,"s":0,"ds":"0.25","t":1700000000123,"q":1}""",
        """{"exchange":4,"id":"52983","price":1,"sequence_number":1,"sip_timestamp":1700000000123000000,"size":0,"decimal_size":"0.250"}""")]
    [InlineData(
        Market.Stock, "ABC",
        """{"ev":"Q","sym":"ABC","bx":4,"bp":114.12,"bs":100,"ax":7,"ap":114.13,"as":160,"c":0,"t":1700000000123,"q":50385480,"z":3}""",
        """{"ask_exchange":7,"ask_price":114.13,"ask_size":2,"bid_exchange":4,"bid_price":114.12,"bid_size":1,"sequence_number":50385480,"sip_timestamp":1700000000123456789}""")]
    [InlineData(
        Market.Stock, "ABC",
        """{"ev":"Q","sym":"ABC","ax":7,"ap":114.13,"as":160,"t":1700000000123,"q":5}""",
        """{"ask_exchange":7,"ask_price":114.13,"ask_size":2,"bid_exchange":0,"bid_price":0,"bid_size":0,"sequence_number":5,"sip_timestamp":1700000000123456789}""")]
    [InlineData(
        Market.Option, "O:SPY251219C00650000",
        """{"ev":"T","sym":"O:SPY251219C00650000","x":65,"p":1.29,"s":1,"c":[209],"t":1700000000123,"q":1000782324}""",
        """{"conditions":[209],"exchange":65,"id":"","participant_timestamp":1700000000122000000,"price":1.290,"sequence_number":1000782324,"sip_timestamp":1700000000123000001,"size":1}""")]
    [InlineData(
        Market.Option, "O:SPY251219P00650000",
        """{"ev":"Q","sym":"O:SPY251219P00650000","bx":302,"ax":303,"bp":9.71,"ap":9.81,"bs":17,"as":24,"t":1700000000123,"q":844090872}""",
        """{"ask_exchange":303,"ask_price":9.81,"ask_size":24,"bid_exchange":302,"bid_price":9.71,"bid_size":17,"sequence_number":844090872,"sip_timestamp":1700000000123000000}""")]
    [InlineData(
        Market.Forex, "XAUUSD",
        """{"ev":"C","p":"XAU/USD","x":48,"a":24.223456789012341,"b":24.123456789012345,"t":1700000000123}""",
        """{"ask_exchange":48,"ask_price":24.223456789012341,"bid_exchange":48,"bid_price":24.123456789012345,"participant_timestamp":1700000000123000000}""")]
    [InlineData(
        Market.Crypto, "BTC-USD",
        """{"ev":"XT","pair":"BTC-USD","p":33021.9,"s":0.00004,"c":[2],"i":7,"t":1700000000123,"x":1,"r":1700000000129}""",
        """{"conditions":[2],"exchange":1,"id":"7","participant_timestamp":1700000000123000000,"price":33021.9,"size":4E-05}""")]
    public void Fetched_row_has_same_identity_as_live_event(Market market, string name, string @event, string row)
    {
        var frames = new FrameReader(market, new SymbolDictionary());
        frames.Open(System.Text.Encoding.UTF8.GetBytes($"[{@event}]"), 1_700_000_000_200);
        Tick live = default;
        frames.Read(ref live).ShouldBe(ElementKind.Tick);
        var rows = new RowReader(ReadHistory.Symbol(market, name), live.Kind);
        Tick fetched = default;

        rows.Read(System.Text.Encoding.UTF8.GetBytes(row), ref fetched, out _).ShouldBe(CloudTicks.Ticks.Checks.TickRejection.None);

        TickIdentity.Of(fetched).ShouldBe(TickIdentity.Of(live));
    }

    [Fact]
    public async Task ReadTicks_invalid_row_is_counted_and_skipped()
    {
        const string good = """{"exchange":4,"id":"1","price":1.5,"sip_timestamp":1700000000123000000,"size":1}""";
        string[] bad =
        [
            "12", "null", "[1]", "{}", """{"price":1.5}""", """{"price":"abc","sip_timestamp":1700000000123000000}""",
            """{"price":1e400,"sip_timestamp":1700000000123000000}""", """{"price":{"a":[1]},"sip_timestamp":1700000000123000000}""",
            """{"price":1,"exchange":99999999999,"sip_timestamp":1700000000123000000}""", """{"price":1,"sip_timestamp":true}""",
        ];
        await using var peer = await RestPeer.StartAsync(
            $$"""{"results":[ {{good}} ,{{string.Join($",\n{good},", bad)}},{{good}}],"status":"OK"}""");

        var read = await ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC");

        (read.Ticks.Count, read.Rejected).ShouldBe((bad.Length + 1, bad.Length));
        peer.CounterValue("cloudticks.polygon.rest.rows.rejected trades bad_price").ShouldBe(1);
        peer.Log.Lines.Count(line => line.Contains("skipped (bad_field)", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Read_row_allocates_nothing()
    {
        var row =
            """{"conditions":[0,12],"exchange":4,"id":"52983525029461","participant_timestamp":1700000000120123456,"price":114.125,"sequence_number":3681328,"sip_timestamp":1700000000123999999,"size":100,"tape":3}"""u8.ToArray();
        var rows = new RowReader(ReadHistory.Symbol(Market.Stock, "ABC"), TickKind.Trade);
        Tick tick = default;
        rows.Read(row, ref tick, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var count = 0; count < 1_000; count++)
        {
            rows.Read(row, ref tick, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    [Theory]
    [InlineData(Market.Stock, TickKind.Quote, true)]
    [InlineData(Market.Option, TickKind.Trade, true)]
    [InlineData(Market.Forex, TickKind.Quote, true)]
    [InlineData(Market.Forex, TickKind.Trade, false)]
    [InlineData(Market.Crypto, TickKind.Trade, true)]
    [InlineData(Market.Crypto, TickKind.Quote, false)]
    public void HasHistory_excludes_crypto_quotes(Market market, TickKind kind, bool expected) =>
        PolygonRestClient.HasHistory(market, kind).ShouldBe(expected);
}
