namespace CloudTicks.Polygon.Frames;

/// <summary>Scans one JSON number (RFC 8259) and computes its value while scanning.</summary>
internal static class NumberScanner
{
    /// <summary>Maximum digits of a plain number: any number with this many digits is below 2^63.</summary>
    private const int MaxPlainDigits = 18;

    /// <param name="start">The start of the number; less than the length of the frame.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, int start, out Token token)
    {
        token = default;
        var (position, mantissa) = (start, 0L);
        var isNegative = frame[position] == '-';
        position += isNegative ? 1 : 0;
        var digitsStart = position;
        ReadDigits(frame, ref position, ref mantissa);
        var count = position - digitsStart;
        if (count == 0 || (frame[digitsStart] == '0' && count > 1))
        {
            return false;
        }

        var decimals = 0;
        if ((uint)position < (uint)frame.Length && frame[position] == '.')
        {
            var point = position++;
            ReadDigits(frame, ref position, ref mantissa);
            decimals = position - point - 1;
            if (decimals == 0)
            {
                return false;
            }
        }

        var isPlain = count + decimals <= MaxPlainDigits;
        if ((uint)position < (uint)frame.Length && (frame[position] | 0x20) == 'e')
        {
            isPlain = false;
            if (!TrySkipExponent(frame, ref position))
            {
                return false;
            }
        }

        token = new Token(TokenType.Number, start, position - start, isNegative ? -mantissa : mantissa, isPlain ? decimals : -1);
        return true;
    }

    private static void ReadDigits(ReadOnlySpan<byte> frame, ref int position, ref long mantissa)
    {
        var (next, value) = (position, mantissa);
        while ((uint)next < (uint)frame.Length)
        {
            var digit = (uint)(frame[next] - '0');
            if (digit > 9)
            {
                break;
            }

            value = (value * 10) + digit;
            next++;
        }

        (position, mantissa) = (next, value);
    }

    private static bool TrySkipExponent(ReadOnlySpan<byte> frame, ref int position)
    {
        position++;
        position += position < frame.Length && frame[position] is (byte)'-' or (byte)'+' ? 1 : 0;
        var (digitsStart, unused) = (position, 0L);
        ReadDigits(frame, ref position, ref unused);
        return position > digitsStart;
    }
}
