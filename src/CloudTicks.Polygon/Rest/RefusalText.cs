using System.Text;
using System.Text.Json;

namespace CloudTicks.Polygon.Rest;

/// <summary>The server's explanation of a refusal: <c>error</c> or <c>message</c> of the response, or its first characters.</summary>
internal static class RefusalText
{
    private const int MaxLength = 200;

    /// <returns>A space and the text in quotes and parentheses; empty when there is no text.</returns>
    public static string Read(ReadOnlySpan<byte> body)
    {
        var text = Find(body, "error"u8, "message"u8) ?? Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxLength * 4)]);
        var oneLine = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return oneLine.Length == 0 ? "" : $" (\"{(oneLine.Length > MaxLength ? oneLine[..MaxLength] + "..." : oneLine)}\")";
    }

    /// <summary>Whether the server itself reports that the resource does not exist; a proxy's 404 does not count.</summary>
    public static bool IsNotFound(ReadOnlySpan<byte> body) => Find(body, "status"u8, default) == "NOT_FOUND";

    private static string? Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherName)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            string? found = null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName
                    && (reader.ValueTextEquals(name) || reader.ValueTextEquals(otherName)))
                {
                    reader.Read();
                    found ??= reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
            }

            return found;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
