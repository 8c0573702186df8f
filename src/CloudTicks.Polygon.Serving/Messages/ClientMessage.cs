using System.Text.Json;

namespace CloudTicks.Polygon.Serving.Messages;

/// <summary>A message from a client: <c>{"action":"subscribe","params":"T.ABC,Q.ABC"}</c>.</summary>
/// <param name="Action">The action; empty when the message is invalid.</param>
/// <param name="Since">
/// The time from which history is sent before live events, as the client wrote it; empty if not requested. Polygon ignores this field.
/// </param>
internal readonly record struct ClientMessage(string Action, string Parameters, string Since = "")
{
    public static ClientMessage Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return default;
            using (document)
            {
                return document.RootElement.ValueKind != JsonValueKind.Object
                    ? new ClientMessage("", "")
                    : new ClientMessage(
                        Text(document.RootElement, "action"), Text(document.RootElement, "params"), Raw(document.RootElement, "since"));
            }
        }
        catch (JsonException)
        {
            return new ClientMessage("", "");
        }
    }

    private static string Raw(JsonElement message, string name) => !message.TryGetProperty(name, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ValueKind == JsonValueKind.Null ? "" : value.GetRawText();

    private static string Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
