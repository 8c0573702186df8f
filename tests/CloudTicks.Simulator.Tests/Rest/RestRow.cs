using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Simulator.Tests.Rest;

/// <summary>A row of the REST endpoints as a client reads it, with the identity that it should have.</summary>
internal sealed record RestRow(long Ns, ulong Identity, JsonElement Json)
{
    public static RestRow Of(string ticker, TickKind kind, JsonElement row)
    {
        Symbol.TryParse(ticker, out var symbol).ShouldBeTrue();
        var ns = row.GetProperty(symbol.Market is Market.Stock or Market.Option ? "sip_timestamp" : "participant_timestamp").GetInt64();
        var tick = new Tick
        {
            Symbol = symbol,
            Kind = kind,
            TimestampMs = ns / 1_000_000,
            Bid = PriceOf(row, "bid_price"),
            Ask = PriceOf(row, "ask_price"),
            Price = PriceOf(row, "price"),
            Size = PriceOf(row, "size"),
            Exchange = (int)Integer(row, "exchange"),
            BidExchange = (int)Integer(row, "bid_exchange"),
            AskExchange = (int)Integer(row, "ask_exchange"),
            Sequence = Integer(row, "sequence_number"),
            TradeId = Encoding.UTF8.GetBytes(row.TryGetProperty("id", out var id) ? id.GetString()! : ""),
        };
        return new RestRow(ns, TickIdentity.Of(tick), row);
    }

    private static long Integer(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? long.Parse(value.GetRawText(), CultureInfo.InvariantCulture) : 0;

    private static Price PriceOf(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out var value))
            return default;
        Price.TryParse(Encoding.UTF8.GetBytes(value.GetRawText()), out var price).ShouldBeTrue();
        return price;
    }
}
