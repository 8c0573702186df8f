namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Scans the values of one JSON object (RFC 8259) and checks everything but UTF-8. Does not decode them, because the event type (<c>ev</c>)
/// may come last.
/// </summary>
internal ref struct ElementScanner(ReadOnlySpan<byte> frame, int position)
{
    /// <summary>Maximum depth of nesting. Real events are flat, except for lists of numbers.</summary>
    public const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _frame = frame;

    public int Position { get; private set; } = position;

    public bool TryReadObject(ElementFields fields)
    {
        fields.Clear();
        if (!TryConsume((byte)'{'))
        {
            return false;
        }

        SkipWhiteSpace();
        if (TryConsume((byte)'}'))
        {
            return true;
        }

        var (order, next) = (fields.AnyOrder, 0);
        while (true)
        {
            var position = Position;
            var ended = PlainFields.Read(_frame, ref position, fields, ref order, ref next);
            Position = position;
            if (ended)
            {
                return true;
            }

            SkipWhiteSpace();
            position = Position;
            if (!TryReadKey(out var field))
            {
                return false;
            }

            order.Learn(_frame[position..Position], field, ref next);
            SkipWhiteSpace();
            if (!TryReadValue(MaxDepth, out fields.Place(field)))
            {
                return false;
            }

            fields.Add(field);
            if (field == EventField.Ev)
            {
                (order, next) = (fields.OrderOf(_frame[Position - 2]), 0);
            }

            SkipWhiteSpace();
            if (TryConsume((byte)'}'))
            {
                return true;
            }

            if (!TryConsume((byte)','))
            {
                return false;
            }
        }
    }

    private bool TryReadKey(out EventField field)
    {
        if (TryReadShortKey(out field))
        {
            return true;
        }

        if (!TryReadText(out var key))
        {
            return false;
        }

        field = key.Type == TokenType.Text ? EventFieldNames.Find(_frame.Slice(key.Start, key.Length)) : FindEscaped(key);
        SkipWhiteSpace();
        return TryConsume((byte)':');
    }

    /// <summary>Reads a known key of one or two letters, directly followed by its colon. Nearly all keys have this form.</summary>
    private bool TryReadShortKey(out EventField field)
    {
        field = EventField.None;
        var frame = _frame;
        var start = Position;
        if (frame.Length - start < 5 || frame[start] != '"')
        {
            return false;
        }

        var length = frame[start + 2] == '"' ? 1 : 2;
        if (length == 2 && frame[start + 3] != '"')
        {
            return false;
        }

        field = length == 1 ? EventFieldNames.Find(frame[start + 1]) : EventFieldNames.Find(frame[start + 1], frame[start + 2]);
        var end = start + length + 2;
        if (field == EventField.None || frame[end] != ':')
        {
            field = EventField.None;
            return false;
        }

        Position = end + 1;
        return true;
    }

    private readonly EventField FindEscaped(Token key)
    {
        Span<byte> name = stackalloc byte[EventFieldNames.MaxNameLength];
        return EscapedText.TryUnescape(_frame.Slice(key.Start, key.Length), name, out var length) && length <= name.Length
            ? EventFieldNames.Find(name[..length])
            : EventField.None;
    }

    private bool TryReadValue(int depthLeft, out Token token)
    {
        token = default;
        if (Position >= _frame.Length)
        {
            return false;
        }

        switch ((char)_frame[Position])
        {
            case >= '0' and <= '9' or '-':
                return TryReadNumber(out token);
            case '"':
                return TryReadText(out token);
            case '[' or '{':
                return depthLeft > 0 && TrySkipContainer(depthLeft - 1, out token);
            case 't':
                return TryReadLiteral("true"u8, TokenType.Boolean, out token);
            case 'f':
                return TryReadLiteral("false"u8, TokenType.Boolean, out token);
            case 'n':
                return TryReadLiteral("null"u8, TokenType.Null, out token);
            default:
                return false;
        }
    }

    private bool TryReadLiteral(ReadOnlySpan<byte> literal, TokenType type, out Token token)
    {
        token = new Token(type, Position, literal.Length);
        if (!_frame[Position..].StartsWith(literal))
        {
            return false;
        }

        Position += literal.Length;
        return true;
    }

    private bool TryReadNumber(out Token token)
    {
        if (!NumberScanner.TryRead(_frame, Position, out token))
        {
            return false;
        }

        Position += token.Length;
        return true;
    }

    private bool TryReadText(out Token token)
    {
        token = default;
        if (!TryConsume((byte)'"'))
        {
            return false;
        }

        var isEscaped = false;
        var frame = _frame;
        var position = Position;
        while ((uint)position < (uint)frame.Length)
        {
            var next = frame[position];
            if (next == '"')
            {
                token = new Token(isEscaped ? TokenType.EscapedText : TokenType.Text, Position, position - Position);
                Position = position + 1;
                return true;
            }

            if (next < ' ')
            {
                return false;
            }

            if (next == '\\')
            {
                isEscaped = true;
                var length = EscapedText.EscapeLength(frame[position..]);
                if (length == 0)
                {
                    return false;
                }

                position += length;
            }
            else
            {
                position++;
            }
        }

        return false;
    }

    private bool TrySkipContainer(int depthLeft, out Token token)
    {
        token = default;
        var start = Position;
        var isList = _frame[start] == '[';
        var end = (byte)(isList ? ']' : '}');
        Position++;
        SkipWhiteSpace();
        var closed = TryConsume(end);
        while (!closed)
        {
            SkipWhiteSpace();
            if (!isList && !TryReadKey(out _))
            {
                return false;
            }

            SkipWhiteSpace();
            if (!TryReadValue(depthLeft, out _))
            {
                return false;
            }

            SkipWhiteSpace();
            closed = TryConsume(end);
            if (!closed && !TryConsume((byte)','))
            {
                return false;
            }
        }

        // White space after the closing bracket is not part of the value.
        token = new Token(isList ? TokenType.List : TokenType.Object, start, Position - start);
        return true;
    }

    private bool TryConsume(byte expected)
    {
        if ((uint)Position < (uint)_frame.Length && _frame[Position] == expected)
        {
            Position++;
            return true;
        }

        return false;
    }

    private void SkipWhiteSpace()
    {
        // The first comparison is usually enough: outside strings, valid JSON has no byte up to ' ' except white space.
        while ((uint)Position < (uint)_frame.Length && _frame[Position] <= ' '
            && _frame[Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            Position++;
        }
    }
}
