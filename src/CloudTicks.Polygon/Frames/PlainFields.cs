namespace CloudTicks.Polygon.Frames;

/// <summary>
/// The fast path for nearly all fields of an event: keys in the same order as in earlier events, each directly followed by a plain number
/// or a text without escapes. Reading stops at any other field, which <see cref="ElementScanner"/> then reads with the full grammar.
/// </summary>
internal static class PlainFields
{
    private const int MaxPlainDigits = 18;

    /// <summary>Reads plain fields. Returns true at the end of the element; otherwise the position is after the last plain field.</summary>
    public static bool Read(ReadOnlySpan<byte> frame, ref int position, ElementFields fields, ref KeyOrder order, ref int next)
    {
        var at = position;
        var ended = false;
        while (!ended && order.TryMatch(frame, at, next, out var key))
        {
            var start = at + key.Length;
            ref var token = ref fields.Place(key.Field);
            var end = frame[start] == '"' ? ReadText(frame, start + 1, ref token) : ReadNumber(frame, start, ref token);
            if ((uint)end >= (uint)frame.Length)
            {
                break;
            }

            ended = frame[end] == '}';
            if (!ended && frame[end] != ',')
            {
                break;
            }

            fields.AddNonNull(key.Field);
            at = end + 1;
            if (key.Field == EventField.Ev)
            {
                (order, next) = (fields.OrderOf(frame[end - 2]), 0);
            }
            else
            {
                next++;
            }
        }

        position = at;
        return ended;
    }

    /// <returns>The position after the closing quote; -1 when the text is not plain.</returns>
    private static int ReadText(ReadOnlySpan<byte> frame, int start, ref Token token)
    {
        for (var end = start; (uint)end < (uint)frame.Length; end++)
        {
            var character = frame[end];
            if (character == '"')
            {
                token = new Token(TokenType.Text, start, end - start);
                return end + 1;
            }

            if (character is < (byte)' ' or (byte)'\\')
            {
                break;
            }
        }

        return -1;
    }

    /// <returns>The position after the last digit; -1 when the value is not a plain number of at most 18 characters.</returns>
    private static int ReadNumber(ReadOnlySpan<byte> frame, int start, ref Token token)
    {
        var (end, value, point) = (start, 0L, -1);
        for (; (uint)end < (uint)frame.Length; end++)
        {
            var digit = (uint)(frame[end] - '0');
            if (digit <= 9)
            {
                value = (value * 10) + digit;
            }
            else if (frame[end] == '.' && point < 0 && end > start)
            {
                point = end;
            }
            else
            {
                break;
            }
        }

        var length = end - start;
        var decimals = point < 0 ? 0 : end - point - 1;
        if (length is 0 or > MaxPlainDigits || point == end - 1 || (frame[start] == '0' && length > 1 && point != start + 1))
        {
            return -1;
        }

        token = new Token(TokenType.Number, start, length, value, decimals);
        return end;
    }
}
