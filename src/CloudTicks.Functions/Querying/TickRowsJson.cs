using System.Buffers;
using System.Globalization;
using System.Text.Json;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Functions.Querying;

/// <summary>The JSON of rows: as on <c>ticks.{symbol}</c>, with what else the table has of a tick behind it; absent fields are left out.</summary>
internal static class TickRowsJson
{
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<MarketTick> ticks) => Array(ticks, Write);

    public static ReadOnlyMemory<byte> Of(IReadOnlyList<SymbolSummary> symbols) => Array(symbols, Write);

    public static ReadOnlyMemory<byte> Of(IReadOnlyList<FeedGap> gaps) => Array(gaps, GapRecord.WriteFields);

    private static ReadOnlyMemory<byte> Array<T>(IReadOnlyList<T> entries, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            write(json, entry);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, MarketTick tick)
    {
        json.WriteString("symbol"u8, tick.Symbol);
        json.WriteNumber("timestamp_ms"u8, tick.TimestampMs);
        Write(json, "bid", tick.Bid);
        Write(json, "ask", tick.Ask);
        Write(json, "bid_size", tick.BidSize);
        Write(json, "ask_size", tick.AskSize);
        Write(json, "price", tick.Price);
        Write(json, "size", tick.Size);
        json.WriteNumber("received_ms"u8, tick.ReceivedMs);
        json.WriteString("id"u8, tick.Identity.ToString("x16", CultureInfo.InvariantCulture));
        if (tick.Source != "live")
        {
            json.WriteString("source"u8, tick.Source);
        }

        json.WriteString("kind"u8, tick.Kind);
        Write(json, "exchange", tick.Exchange);
        Write(json, "sequence", tick.Sequence);
        if (tick.TradeId is not null)
        {
            json.WriteString("trade_id"u8, tick.TradeId);
        }

        if (tick.Conditions is { } conditions)
        {
            json.WriteStartArray("conditions"u8);
            foreach (var condition in conditions)
            {
                json.WriteNumberValue(condition);
            }

            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, SymbolSummary symbol)
    {
        json.WriteString("symbol"u8, symbol.Symbol);
        json.WriteNumber("count"u8, symbol.Count);
        json.WriteNumber("first_timestamp_ms"u8, symbol.FirstTimestampMs);
        json.WriteNumber("last_timestamp_ms"u8, symbol.LastTimestampMs);
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
