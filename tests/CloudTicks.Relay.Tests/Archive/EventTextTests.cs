using System.Text;
using System.Text.Json;
using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Events have every field that the archive has, and are valid JSON for any field values.</summary>
public class EventTextTests
{
    private const long TimeMs = 1737993600000;

    [Fact]
    public void Trade_of_a_stock_has_all_its_fields()
    {
        Write(new Tick
        {
            Symbol = TestTick.SymbolOf("BRK.A"),
            Kind = TickKind.Trade,
            Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.TradeId
                | TickFields.Conditions | TickFields.Tape | TickFields.ParticipantMs | TickFields.TrfId | TickFields.TrfMs,
            TimestampMs = TimeMs,
            Price = Price.Create(7015, 2),
            Size = Price.Create(1005, 1),
            Exchange = 4,
            Sequence = 1234567,
            TradeId = "a+b/c="u8,
            Conditions = [12, 37],
            Tape = 1,
            ParticipantMs = TimeMs - 3,
            TrfId = 202,
            TrfMs = TimeMs + 1,
        }).ShouldBe(
            """{"ev":"T","sym":"BRK.A","x":4,"i":"a+b/c=","z":1,"p":70.15,"s":100,"ds":"100.5","c":[12,37],"t":1737993600000,"""
            + "\"pt\":1737993599997,\"q\":1234567,\"trfi\":202,\"trft\":1737993600001}");
    }

    [Fact]
    public void Quote_of_a_stock_has_all_its_fields()
    {
        Write(new Tick
        {
            Symbol = TestTick.SymbolOf("AAPL"),
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange
                | TickFields.AskExchange | TickFields.Sequence | TickFields.Conditions | TickFields.Indicators | TickFields.Tape,
            TimestampMs = TimeMs,
            Bid = Price.Create(22987, 2),
            Ask = Price.Create(2299, 1),
            BidSize = Price.Create(300, 0),
            AskSize = Price.Create(1, 0),
            BidExchange = 11,
            AskExchange = 12,
            Sequence = 987,
            Conditions = [1],
            Indicators = [604, 7],
            Tape = 3,
        }).ShouldBe(
            """{"ev":"Q","sym":"AAPL","bx":11,"bp":229.87,"bs":300,"ax":12,"ap":229.9,"as":1,"c":1,"i":[604,7],"t":1737993600000,"""
            + "\"q\":987,\"z\":3}");
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\")]
    [InlineData("a\nb")]
    public void Trade_id_with_special_characters_is_escaped(string id)
    {
        using var json = JsonDocument.Parse(Write(new Tick
        {
            Symbol = TestTick.SymbolOf("AAPL"),
            Kind = TickKind.Trade,
            Fields = TickFields.TradeId,
            TradeId = Encoding.UTF8.GetBytes(id),
        }));

        json.RootElement.GetProperty("i").GetString().ShouldBe(id);
    }

    [Fact]
    public void Longest_event_fits_in_the_maximum_size()
    {
        Span<int> codes = stackalloc int[Tick.MaxListLength];
        codes.Fill(int.MinValue);
        Span<byte> id = stackalloc byte[Tick.MaxTradeIdBytes];
        id.Fill(1);
        var tick = new Tick
        {
            Symbol = TestTick.SymbolOf("AAPL"),
            Kind = TickKind.Trade,
            Fields = TickFields.All,
            TimestampMs = long.MinValue,
            Price = Price.Create(long.MinValue, Price.MaxScale),
            Size = Price.Create(long.MinValue, Price.MaxScale),
            TradeId = id,
            Conditions = codes,
            Exchange = int.MinValue,
            Tape = int.MinValue,
            Sequence = long.MinValue,
            ParticipantMs = long.MinValue,
            TrfId = int.MinValue,
            TrfMs = long.MinValue,
        };

        var bytes = new byte[EventJson.MaxBytes];
        JsonDocument.Parse(bytes.AsMemory(0, EventJson.Write(tick, bytes))).Dispose();
    }

    private static string Write(scoped in Tick tick)
    {
        var bytes = new byte[EventJson.MaxBytes];
        return Encoding.UTF8.GetString(bytes, 0, EventJson.Write(tick, bytes));
    }
}
