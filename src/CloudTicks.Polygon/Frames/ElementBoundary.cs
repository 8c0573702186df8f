namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Finds the end of a malformed element, so that the elements after it can be read. It follows strings and nesting, and stops early at a
/// sign that the next element has begun: an object where none is allowed, or a string that ends with an opening brace because a quote is
/// missing.
/// </summary>
internal static class ElementBoundary
{
    private const int MaxDepth = 64;

    /// <summary>The end of the malformed element that begins at <paramref name="start"/>.</summary>
    /// <param name="start">The position of a byte that is neither white space nor a comma.</param>
    /// <param name="isNested">
    /// Whether to follow the nesting. The method sets it to false when the nesting cannot be followed. Later calls then only search for the
    /// beginning of the next object, so that a hostile frame is not read repeatedly.
    /// </param>
    public static int Find(ReadOnlySpan<byte> frame, int start, ref bool isNested)
    {
        if (isNested && FollowNesting(frame, start) is var end && end > 0)
        {
            return end;
        }

        isNested = false;
        return NextObject(frame, start);
    }

    private static int FollowNesting(ReadOnlySpan<byte> frame, int start)
    {
        // One bit per level, 1 for an object; the lowest bit is the innermost level.
        ulong objects = 0;
        var depth = 0;
        var previous = (byte)0;
        for (var position = start; position < frame.Length; position++)
        {
            var next = frame[position];
            switch ((char)next)
            {
                case ' ' or '\t' or '\r' or '\n':
                    continue;
                case '"':
                    var opening = position;
                    position = EndOfText(frame, opening);
                    if (position < 0)
                    {
                        return 0;
                    }

                    var lastByte = TrimmedEnd(frame, opening + 1, position);
                    if (lastByte > opening && frame[lastByte] == '{' && lastByte > start)
                    {
                        return lastByte;
                    }

                    break;
                case '{' when position > start && (depth == 0 || (IsObject(objects) && previous != ':')):
                    return position;
                case '{' or '[':
                    if (++depth > MaxDepth)
                    {
                        return 0;
                    }

                    objects = (objects << 1) | (next == '{' ? 1UL : 0UL);
                    break;
                case '}' when depth > 0:
                    while (depth > 0 && !IsObject(objects))
                    {
                        (depth, objects) = (depth - 1, objects >> 1);
                    }

                    (depth, objects) = (Math.Max(depth - 1, 0), objects >> 1);
                    if (depth == 0)
                    {
                        return position + 1;
                    }

                    break;
                case ']' when depth > 0 && !IsObject(objects):
                    (depth, objects) = (depth - 1, objects >> 1);
                    break;
                case ']' when position > start && frame[(position + 1)..].IndexOfAnyExcept(" \t\r\n"u8) < 0:
                    return position;
                default:
                    break;
            }

            previous = next;
        }

        return depth == 0 ? frame.Length : 0;
    }

    private static bool IsObject(ulong objects) => (objects & 1) != 0;

    private static int EndOfText(ReadOnlySpan<byte> frame, int opening)
    {
        var position = opening + 1;
        while (position < frame.Length)
        {
            var step = frame[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return -1;
            }

            position += step;
            if (frame[position] == '"')
            {
                return position;
            }

            position += 2;
        }

        return -1;
    }

    /// <summary>
    /// The position of the last byte before <paramref name="end"/> that is not white space, or <paramref name="start"/> - 1.
    /// </summary>
    private static int TrimmedEnd(ReadOnlySpan<byte> frame, int start, int end) =>
        start + frame[start..end].LastIndexOfAnyExcept(" \t\r\n"u8);

    private static int NextObject(ReadOnlySpan<byte> frame, int start)
    {
        for (var position = start + 1; position < frame.Length; position++)
        {
            var step = frame[position..].IndexOf((byte)'{');
            if (step < 0)
            {
                break;
            }

            position += step;
            var name = frame[(position + 1)..].TrimStart(" \t\r\n"u8);
            if (!name.IsEmpty && name[0] == '"')
            {
                return position;
            }
        }

        return frame.Length;
    }
}
