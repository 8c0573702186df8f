using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Simulator.Tests;

/// <summary>A tick that a client reads from its event, with the identity that it should have.</summary>
internal sealed record ReceivedTick(string Symbol, string Kind, long TimestampMs, ulong Identity, JsonElement Event)
{
    public string Text => Event.GetRawText();

    public static ReceivedTick Of(Market market, JsonElement element)
    {
        var kind = element.GetProperty("ev").GetString()!;
        Ticks.Symbol.TryParse(market, element.GetProperty(kind switch { "C" => "p", "XT" or "XQ" => "pair", _ => "sym" }).GetString(),
            out var symbol).ShouldBeTrue();
        var tick = new Tick
        {
            Symbol = symbol,
            Kind = kind is "T" or "XT" ? TickKind.Trade : TickKind.Quote,
            TimestampMs = Number(element.GetProperty("t")),
            Bid = PriceOf(element, kind == "C" ? "b" : "bp"),
            Ask = PriceOf(element, kind == "C" ? "a" : "ap"),
            BidSize = PriceOf(element, "bs"),
            AskSize = PriceOf(element, "as"),
            Price = PriceOf(element, "p"),
            Size = PriceOf(element, "s"),
            Exchange = Integer(element, "x"),
            BidExchange = Integer(element, "bx"),
            AskExchange = Integer(element, "ax"),
            Sequence = Integer(element, "q"),
            TradeId = Encoding.UTF8.GetBytes(element.TryGetProperty("i", out var id) ? id.GetString()! : ""),
        };
        return new ReceivedTick(symbol.Name, kind, tick.TimestampMs, TickIdentity.Of(tick), element);
    }

    private static int Integer(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? (int)Number(value) : 0;

    private static long Number(JsonElement value) => long.Parse(value.ToString(), CultureInfo.InvariantCulture);

    private static Price PriceOf(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || !Price.TryParse(Encoding.UTF8.GetBytes(value.ToString()), out var price))
            return default;
        return price;
    }
}
