using System.Text.Json;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Writes the fields of the last trade and the last quote, which have one-letter names.</summary>
internal static class LastRow
{
    public static void WriteTrade(Utf8JsonWriter writer, scoped in Tick tick)
    {
        JsonFields.Write(writer, "c"u8, tick.Conditions);
        if (tick.Has(TickFields.TradeId))
        {
            writer.WriteString("i"u8, tick.TradeId);
        }

        JsonFields.Write(writer, "p"u8, tick.Price, tick.Has(TickFields.Price));
        JsonFields.Write(writer, "s"u8, tick.Size, tick.Has(TickFields.Size));
        JsonFields.Write(writer, "x"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        WriteTimes(writer, tick);
    }

    public static void WriteQuote(Utf8JsonWriter writer, scoped in Tick tick)
    {
        var hasExchange = tick.Has(TickFields.Exchange);
        JsonFields.Write(writer, "P"u8, tick.Ask, tick.Has(TickFields.Ask));
        JsonFields.Write(writer, "S"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        JsonFields.Write(writer, "X"u8, hasExchange ? tick.Exchange : tick.AskExchange, hasExchange || tick.Has(TickFields.AskExchange));
        JsonFields.Write(writer, "c"u8, tick.Conditions);
        JsonFields.Write(writer, "p"u8, tick.Bid, tick.Has(TickFields.Bid));
        JsonFields.Write(writer, "s"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        JsonFields.Write(writer, "x"u8, hasExchange ? tick.Exchange : tick.BidExchange, hasExchange || tick.Has(TickFields.BidExchange));
        WriteTimes(writer, tick);
    }

    private static void WriteTimes(Utf8JsonWriter writer, scoped in Tick tick)
    {
        JsonFields.Write(writer, "q"u8, tick.Sequence, tick.Has(TickFields.Sequence));
        writer.WriteNumber("t"u8, tick.TimestampMs * TimeRange.NsPerMs);
    }
}
