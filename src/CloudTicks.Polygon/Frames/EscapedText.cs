using System.Text.Json;

namespace CloudTicks.Polygon.Frames;

/// <summary>Strings with escapes. Polygon hardly sends any, so that this is the slow way.</summary>
internal static class EscapedText
{
    /// <summary>The length of the escape that a text begins with; 0 when it is none.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(text[1]) ? 2 : 0;
        }

        return text.Length >= 6 && char.IsAsciiHexDigit((char)text[2]) && char.IsAsciiHexDigit((char)text[3])
            && char.IsAsciiHexDigit((char)text[4]) && char.IsAsciiHexDigit((char)text[5]) ? 6 : 0;
    }

    /// <summary>Writes what the token says; false when it holds half of a surrogate pair.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="token">A token of type <see cref="TokenType.EscapedText"/>.</param>
    /// <param name="destination">At least as long as the token.</param>
    /// <param name="length">Bytes written.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> frame, Token token, Span<byte> destination, out int length)
    {
        var reader = new Utf8JsonReader(frame.Slice(token.Start - 1, token.Length + 2));
        try
        {
            reader.Read();
            length = reader.CopyString(destination);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            length = 0;
            return false;
        }
    }
}
