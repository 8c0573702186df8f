using System.Buffers.Text;
using System.Text;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Unescapes strings. Slow, which does not matter because Polygon sends hardly any escapes. Does not allocate and never throws.
/// </summary>
internal static class EscapedText
{
    private const int UnicodeEscapeLength = 6;

    /// <summary>The length of the escape sequence at the start of a text; 0 when there is none.</summary>
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

        return text.Length >= UnicodeEscapeLength && char.IsAsciiHexDigit((char)text[2]) && char.IsAsciiHexDigit((char)text[3])
            && char.IsAsciiHexDigit((char)text[4]) && char.IsAsciiHexDigit((char)text[5]) ? UnicodeEscapeLength : 0;
    }

    /// <param name="length">The length of the whole result, which may exceed the destination.</param>
    /// <returns>False when the text contains half a surrogate pair.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        length = 0;
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            var plainLength = text.IndexOf((byte)'\\');
            Append(plainLength < 0 ? text : text[..plainLength], destination, ref length);
            if (plainLength < 0)
            {
                return true;
            }

            text = text[plainLength..];
            if (!TryReadEscape(text, out var rune, out var consumed))
            {
                return false;
            }

            Append(utf8[..rune.EncodeToUtf8(utf8)], destination, ref length);
            text = text[consumed..];
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out Rune rune, out int consumed)
    {
        if (text[1] != 'u')
        {
            consumed = 2;
            rune = new Rune(text[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var unchanged => (char)unchanged,
            });
            return true;
        }

        consumed = UnicodeEscapeLength;
        var first = ReadUnit(text);
        if (!char.IsHighSurrogate(first))
        {
            return Rune.TryCreate(first, out rune);
        }

        rune = default;
        var second = text[UnicodeEscapeLength..];
        consumed += UnicodeEscapeLength;
        return second.StartsWith("\\u"u8) && Rune.TryCreate(first, ReadUnit(second), out rune);
    }

    private static char ReadUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape[2..UnicodeEscapeLength], out ushort unit, out _, 'x') ? (char)unit : default;

    private static void Append(ReadOnlySpan<byte> piece, Span<byte> destination, ref int length)
    {
        if (length < destination.Length)
        {
            piece[..Math.Min(piece.Length, destination.Length - length)].CopyTo(destination[length..]);
        }

        length += piece.Length;
    }
}
