using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>REST's row of a tick: times in ns and every identifying field, so that row and event are the same tick.</summary>
internal static class TickRow
{
    // What the consolidated tape is behind the exchange.
    private const long TapeDelayNs = 350_000;

    public static void Write(Utf8JsonWriter writer, scoped in Tick tick, long ns)
    {
        writer.WriteStartObject();
        if (tick.Kind == TickKind.Trade)
            WriteTrade(writer, tick);
        else
            WriteQuote(writer, tick);
        if (tick.Symbol.Market is Market.Stock or Market.Option)
        {
            writer.WriteNumber("sip_timestamp"u8, ns);
            writer.WriteNumber("participant_timestamp"u8, ns - TapeDelayNs);
            WriteNumber(writer, "sequence_number"u8, tick.Sequence, tick.Has(TickFields.Sequence));
            WriteNumber(writer, "tape"u8, tick.Tape, tick.Has(TickFields.Tape));
        }
        else
        {
            writer.WriteNumber("participant_timestamp"u8, ns);
        }

        writer.WriteEndObject();
    }

    private static void WriteTrade(Utf8JsonWriter writer, scoped in Tick tick)
    {
        WriteList(writer, "conditions"u8, tick.Conditions);
        WriteNumber(writer, "exchange"u8, tick.Exchange, tick.Has(TickFields.Exchange));
        if (tick.Has(TickFields.TradeId))
            writer.WriteString("id"u8, tick.TradeId);
        WritePrice(writer, "price"u8, tick.Price, tick.Has(TickFields.Price));
        WritePrice(writer, "size"u8, tick.Size, tick.Has(TickFields.Size));
        WriteNumber(writer, "trf_id"u8, tick.TrfId, tick.Has(TickFields.TrfId));
        WriteNumber(writer, "trf_timestamp"u8, tick.TrfMs * TimeRange.NsPerMs, tick.Has(TickFields.TrfMs));
    }

    private static void WriteQuote(Utf8JsonWriter writer, scoped in Tick tick)
    {
        var isPair = tick.Symbol.Market == Market.Forex;
        WritePrice(writer, "ask_price"u8, tick.Ask, tick.Has(TickFields.Ask));
        WritePrice(writer, "ask_size"u8, tick.AskSize, tick.Has(TickFields.AskSize));
        WriteNumber(
            writer, "ask_exchange"u8, isPair ? tick.Exchange : tick.AskExchange,
            tick.Has(isPair ? TickFields.Exchange : TickFields.AskExchange));
        WritePrice(writer, "bid_price"u8, tick.Bid, tick.Has(TickFields.Bid));
        WritePrice(writer, "bid_size"u8, tick.BidSize, tick.Has(TickFields.BidSize));
        WriteNumber(
            writer, "bid_exchange"u8, isPair ? tick.Exchange : tick.BidExchange,
            tick.Has(isPair ? TickFields.Exchange : TickFields.BidExchange));
        WriteList(writer, "conditions"u8, tick.Conditions);
        WriteList(writer, "indicators"u8, tick.Indicators);
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value, bool isPresent)
    {
        if (isPresent)
            writer.WriteNumber(name, value);
    }

    private static void WritePrice(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Price value, bool isPresent)
    {
        if (!isPresent)
            return;
        Span<byte> text = stackalloc byte[Price.MaxTextBytes];
        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..value.Format(text)], skipInputValidation: true);
    }

    private static void WriteList(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<int> values)
    {
        if (values.IsEmpty)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
