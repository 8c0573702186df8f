using System.Text.Json;

namespace CloudTicks.Ticks.Json;

/// <summary>
/// The symbol, times and prices of a tick's JSON. Reading it does not allocate. Messages are untrusted input: a text that is not a tick is
/// refused, but the symbol is not validated.
/// </summary>
public readonly ref struct TickPrices
{
    /// <summary>Maximum length of an escaped symbol, in bytes.</summary>
    public const int ScratchBytes = Ticks.Symbol.MaxNameBytes * EscapedBytes;

    // The length of an escape such as \u0000.
    private const int EscapedBytes = 6;

    private readonly TickFields _fields;

    private TickPrices(
        ReadOnlySpan<byte> symbol, long timestampMs, long receivedMs, bool isLive, TickFields fields, Price bid, Price ask, Price price)
    {
        (TimestampMs, ReceivedMs, IsLive, _fields, Bid, Ask, Price) = (timestampMs, receivedMs, isLive, fields, bid, ask, price);
        Symbol = symbol;
    }

    /// <summary>The symbol in UTF-8, 1 to <see cref="Ticks.Symbol.MaxNameBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Symbol { get; }

    /// <summary>The feed's time, Unix ms, UTC.</summary>
    public long TimestampMs { get; }

    /// <summary>When the collector received the tick, Unix ms, UTC; 0 when absent.</summary>
    public long ReceivedMs { get; }

    /// <summary>Whether the tick came from the live feed, and not from a backfill, a command or a replay.</summary>
    public bool IsLive { get; }

    /// <summary>The bid; check <see cref="Has"/> first, as for the other prices.</summary>
    public Price Bid { get; }

    /// <summary>The ask.</summary>
    public Price Ask { get; }

    /// <summary>The price of a trade.</summary>
    public Price Price { get; }

    /// <summary>Whether the tick has a field, such as <see cref="TickFields.Bid"/>.</summary>
    public bool Has(TickFields field) => (_fields & field) != 0;

    /// <summary>Reads the JSON of one tick.</summary>
    /// <param name="json">One object, as <see cref="TickJson"/> writes it.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes, for an escaped symbol.</param>
    /// <param name="tick">The tick; valid until one of the two buffers changes.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, Span<byte> scratch, out TickPrices tick)
    {
        tick = default;
        if (json.Length > TickJson.MaxBytes)
        {
            return false;
        }

        try
        {
            return TryReadObject(json, scratch, out tick);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return false; // InvalidOperationException: the text is not UTF-8.
        }
    }

    private static bool TryReadObject(ReadOnlySpan<byte> json, Span<byte> scratch, out TickPrices tick)
    {
        tick = default;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        ReadOnlySpan<byte> symbol = default;
        var fields = default(TickFields);
        var (timestampMs, receivedMs, isLive) = (-1L, 0L, true);
        var (bid, ask, price) = (default(Price), default(Price), default(Price));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref reader);
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.String when name == Name.Symbol:
                    symbol = reader.ValueSpan.Length > ScratchBytes ? default : reader.ValueIsEscaped
                        ? scratch[..reader.CopyString(scratch)] : reader.ValueSpan;
                    break;
                case JsonTokenType.String when name == Name.Source:
                    isLive = false;
                    break;
                case JsonTokenType.Number when name is Name.Timestamp or Name.Received && reader.TryGetInt64(out var time):
                    (timestampMs, receivedMs) = name == Name.Timestamp ? (time, receivedMs) : (timestampMs, time);
                    break;
                case JsonTokenType.Number when name is Name.Bid or Name.Ask or Name.Price
                    && Price.TryParse(reader.ValueSpan, out var number):
                    (bid, ask, price) =
                        (name == Name.Bid ? number : bid, name == Name.Ask ? number : ask, name == Name.Price ? number : price);
                    fields |= name == Name.Bid ? TickFields.Bid : name == Name.Ask ? TickFields.Ask : TickFields.Price;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    reader.Skip();
                    break;
            }
        }

        tick = new TickPrices(symbol, timestampMs, receivedMs, isLive, fields, bid, ask, price);
        return !reader.Read() && timestampMs >= 0 && symbol.Length is > 0 and <= Ticks.Symbol.MaxNameBytes;
    }

    private static Name NameOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("symbol"u8) ? Name.Symbol
        : reader.ValueTextEquals("timestamp_ms"u8) ? Name.Timestamp
        : reader.ValueTextEquals("bid"u8) ? Name.Bid
        : reader.ValueTextEquals("ask"u8) ? Name.Ask
        : reader.ValueTextEquals("price"u8) ? Name.Price
        : reader.ValueTextEquals("received_ms"u8) ? Name.Received
        : reader.ValueTextEquals("source"u8) ? Name.Source
        : Name.Other;

    private enum Name
    {
        Other,
        Symbol,
        Timestamp,
        Received,
        Bid,
        Ask,
        Price,
        Source,
    }
}
