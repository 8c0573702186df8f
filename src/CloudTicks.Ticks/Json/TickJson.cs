namespace CloudTicks.Ticks.Json;

/// <summary>
/// The JSON of one tick, as it is published on <c>ticks.{symbol}</c>: one object, snake_case, prices and sizes as exact decimals,
/// absent fields left out.
/// <code>{"symbol":"EURUSD","timestamp_ms":1737993600000,"bid":1.0451,"ask":1.0452,
/// "received_ms":1737993600012,"id":"9f86d081884c7d65"}</code>
/// </summary>
public static class TickJson
{
    /// <summary>Maximum length of a tick's JSON, in bytes.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Writes a tick.</summary>
    /// <param name="source">How the tick entered the system; written only if it is not live.</param>
    /// <param name="identity">The tick's identity, written as 16 hex digits.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(scoped in Tick tick, TickSource source, ulong identity, Span<byte> destination)
    {
        var writer = new Utf8TextWriter(destination);
        writer.Text("{\"symbol\":\""u8);
        writer.Text(tick.Symbol.JsonText);
        writer.Text("\",\"timestamp_ms\":"u8);
        writer.Number(tick.TimestampMs);
        Field(ref writer, tick, TickFields.Bid, ",\"bid\":"u8, tick.Bid);
        Field(ref writer, tick, TickFields.Ask, ",\"ask\":"u8, tick.Ask);
        Field(ref writer, tick, TickFields.BidSize, ",\"bid_size\":"u8, tick.BidSize);
        Field(ref writer, tick, TickFields.AskSize, ",\"ask_size\":"u8, tick.AskSize);
        Field(ref writer, tick, TickFields.Price, ",\"price\":"u8, tick.Price);
        Field(ref writer, tick, TickFields.Size, ",\"size\":"u8, tick.Size);
        writer.Text(",\"received_ms\":"u8);
        writer.Number(tick.ReceivedMs);
        writer.Text(",\"id\":\""u8);
        writer.Hex(identity);
        writer.Text("\""u8);
        if (source != TickSource.Live)
        {
            writer.Text(",\"source\":\""u8);
            writer.Text(source.Utf8Name());
            writer.Text("\""u8);
        }

        writer.Text("}"u8);
        return writer.Length;
    }

    private static void Field(
        ref Utf8TextWriter writer, scoped in Tick tick, TickFields field, scoped ReadOnlySpan<byte> name, Price value)
    {
        if (tick.Has(field))
        {
            writer.Text(name);
            writer.Number(value);
        }
    }
}
