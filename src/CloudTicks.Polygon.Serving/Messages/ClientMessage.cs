using System.Text.Json;

namespace CloudTicks.Polygon.Serving.Messages;

/// <summary>What a client sends: <c>{"action":"subscribe","params":"T.ABC,Q.ABC"}</c>.</summary>
/// <param name="Action">The action, or empty when the message could not be read.</param>
internal readonly record struct ClientMessage(string Action, string Parameters)
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
                    : new ClientMessage(Text(document.RootElement, "action"), Text(document.RootElement, "params"));
            }
        }
        catch (JsonException)
        {
            return new ClientMessage("", "");
        }
    }

    private static string Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
