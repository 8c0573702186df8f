using System.Text.Json;

namespace CloudTicks.Cli.Tailing;

/// <summary>A tick of a NATS message, for display.</summary>
/// <param name="TimestampMs">The feed's time, Unix ms.</param>
/// <param name="Bid">Null if absent, like every price.</param>
internal sealed record TickView(string Symbol, long TimestampMs, decimal? Bid, decimal? Ask, decimal? Price, decimal? Size, string? Source)
{
    /// <summary>Reads the JSON of a tick. Messages are untrusted.</summary>
    /// <returns>Null when the message is not a tick.</returns>
    public static TickView? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            // The message must be exactly one object.
            if (reader.Read() || root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("symbol"u8, out var symbol) || symbol.ValueKind != JsonValueKind.String
                || !root.TryGetProperty("timestamp_ms"u8, out var time) || time.ValueKind != JsonValueKind.Number
                || !time.TryGetInt64(out var timestampMs))
            {
                return null;
            }

            var source = root.TryGetProperty("source"u8, out var node) && node.ValueKind == JsonValueKind.String ? node.GetString() : null;
            return new TickView(
                Plain(symbol.GetString()!), timestampMs, Number(root, "bid"u8), Number(root, "ask"u8), Number(root, "price"u8),
                Number(root, "size"u8),
                source is null ? null : Plain(source));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException: a text is not valid UTF-16.
        }
    }

    private static decimal? Number(JsonElement tick, ReadOnlySpan<byte> name) =>
        tick.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            ? number
            : null;

    /// <summary>Replaces control characters, because the text is untrusted.</summary>
    private static string Plain(string text) =>
        text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? '?' : c)]) : text;
}
