using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>Parses numbers in the formats of CSV files: unlike in JSON, <c>+1</c>, <c>.5</c>, <c>5.</c> and <c>007</c> are valid.</summary>
internal static class PlainNumber
{
    private const int MaxBytes = 96;

    /// <summary>Parses a number exactly, without conversion to floating point.</summary>
    /// <returns>False if it is not a number, or has more digits than a price can have.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Price price)
    {
        if (Price.TryParse(text, out price))
        {
            return true;
        }

        if (text.IsEmpty || text.Length > MaxBytes)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[MaxBytes + 2];
        var length = 0;
        if (text[0] is (byte)'-' or (byte)'+')
        {
            if (text[0] == '-')
            {
                plain[length++] = (byte)'-';
            }

            text = text[1..];
        }

        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var at ? at : text.Length;
        var whole = text[..end].TrimStart((byte)'0');
        var rest = text[end..];
        if (end == 0 && rest is not [(byte)'.', >= (byte)'0' and <= (byte)'9', ..])
        {
            return false;
        }

        length = Add(plain, length, whole.IsEmpty ? "0"u8 : whole);
        // Drop a decimal point that no digit follows.
        length = Add(plain, length, rest is [(byte)'.', ..] and not [_, >= (byte)'0' and <= (byte)'9', ..] ? rest[1..] : rest);
        return Price.TryParse(plain[..length], out price);
    }

    private static int Add(Span<byte> plain, int length, ReadOnlySpan<byte> part)
    {
        part.CopyTo(plain[length..]);
        return length + part.Length;
    }
}
