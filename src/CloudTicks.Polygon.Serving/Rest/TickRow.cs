using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>
/// Writes a tick as a REST row, with times in ns and all identifying fields, so that the row has the same identity as the event.
/// </summary>
internal static class TickRow
{
    /// <param name="ns">
    /// The tick's time in ns: the time of the consolidated tape for stocks and options, the exchange's time for other markets.
    /// </param>
    /// <param name="participantNs">The exchange's time in ns for a stock or an option; null when unknown.</param>
    public static void Write(Utf8JsonWriter writer, scoped in Tick tick, long ns, long? participantNs)
    {
        writer.WriteStartObject();
        if (tick.Kind == TickKind.Trade)
            WriteTrade(writer, tick);
        else
            WriteQuote(writer, tick);
        if (tick.Symbol.Market is Market.Stock or Market.Option)
        {
            writer.WriteNumber("sip_timestamp"u8, ns);
            JsonFields.Write(writer, "participant_timestamp"u8, participantNs ?? 0, participantNs is not null);
            JsonFields.Write(writer, "sequence_number"u8, tick.Sequence, tick.Has(TickFields.Sequence));
            JsonFields.Write(writer, "tape"u8, tick.Tape, tick.Has(TickFields.Tape));
        }
        else
        {
            writer.WriteNumber("participant_timestamp"u8, ns);
        }

        writer.WriteEndObject();
    }

    private static void WriteTrade(Utf8JsonWriter writer, scoped in Tick tick)
    {
        JsonFields.Write(writer, "conditions"u8, tick.Conditions);
        JsonFields.Write(writer, "exchange"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        if (tick.Has(TickFields.TradeId))
            writer.WriteString("id"u8, tick.TradeId);
        JsonFields.Write(writer, "price"u8, tick.Price, tick.Has(TickFields.Price));
        JsonFields.Write(writer, "size"u8, tick.Size, tick.Has(TickFields.Size));
        JsonFields.Write(writer, "trf_id"u8, tick.TrfId, tick.Has(TickFields.TrfId));
        JsonFields.Write(writer, "trf_timestamp"u8, tick.TrfMs * TimeRange.NsPerMs, tick.Has(TickFields.TrfMs));
    }

    private static void WriteQuote(Utf8JsonWriter writer, scoped in Tick tick)
    {
        var isPair = tick.Symbol.Market is Market.Forex or Market.Crypto;
        JsonFields.Write(writer, "ask_price"u8, tick.Ask, tick.Has(TickFields.Ask));
        JsonFields.Write(writer, "ask_size"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        JsonFields.Write(
            writer, "ask_exchange"u8, isPair ? tick.Exchange : tick.AskExchange,
            tick.Has(isPair ? TickFields.Exchange : TickFields.AskExchange));
        JsonFields.Write(writer, "bid_price"u8, tick.Bid, tick.Has(TickFields.Bid));
        JsonFields.Write(writer, "bid_size"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        JsonFields.Write(
            writer, "bid_exchange"u8, isPair ? tick.Exchange : tick.BidExchange,
            tick.Has(isPair ? TickFields.Exchange : TickFields.BidExchange));
        JsonFields.Write(writer, "conditions"u8, tick.Conditions);
        JsonFields.Write(writer, "indicators"u8, tick.Indicators);
    }
}
