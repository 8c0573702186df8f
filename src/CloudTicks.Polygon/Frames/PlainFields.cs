namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Reads the fields that look like those of events before: the expected key, and a plain number or a text without escapes, with nothing in
/// between. Nearly all fields are like that. It stops before anything else, which <see cref="ElementScanner"/> then reads by the whole
/// grammar.
/// </summary>
internal static class PlainFields
{
    private const int MaxPlainDigits = 18;

    /// <summary>Reads on while the fields are plain; true when the element's end was read, else the position is behind what was.</summary>
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

            fields.AddPlain(key.Field);
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

    /// <returns>Behind the closing quote; -1 when it is no plain text.</returns>
    private static int ReadText(ReadOnlySpan<byte> frame, int start, ref Token token)
    {
        for (var end = start; (uint)end < (uint)frame.Length; end++)
        {
            var letter = frame[end];
            if (letter == '"')
            {
                token = new Token(TokenType.Text, start, end - start);
                return end + 1;
            }

            if (letter is < (byte)' ' or (byte)'\\')
            {
                break;
            }
        }

        return -1;
    }

    /// <returns>Behind the last digit; -1 when it is no number, or none of at most 18 digits.</returns>
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
