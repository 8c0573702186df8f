using System.Text;
using System.Text.Json;

namespace CloudTicks.Polygon.Rest;

/// <summary>What the server said about a refusal: <c>error</c> or <c>message</c> of its answer, or the answer's first letters.</summary>
internal static class RefusalText
{
    private const int MaxLetters = 200;

    /// <returns>The words in quotes with a blank before them; nothing when it said nothing.</returns>
    public static string Read(ReadOnlySpan<byte> body)
    {
        var text = Find(body, "error"u8, "message"u8) ?? Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxLetters * 4)]);
        var oneLine = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return oneLine.Length == 0 ? "" : $" (\"{(oneLine.Length > MaxLetters ? oneLine[..MaxLetters] + "..." : oneLine)}\")";
    }

    /// <summary>Whether the server itself says that there is no such thing; a 404 of another server on the way does not.</summary>
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
