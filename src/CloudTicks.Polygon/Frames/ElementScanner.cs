namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Walks over one JSON object (RFC 8259) and notes where its values stand. It checks all of the grammar but UTF-8, and decodes
/// nothing yet: what a key means is known only when <c>ev</c> was seen, and that may come last.
/// </summary>
internal ref struct ElementScanner(ReadOnlySpan<byte> frame, int position)
{
    /// <summary>Events are flat with lists of numbers; whoever nests deeper than this sends no events.</summary>
    public const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _frame = frame;

    /// <summary>Behind what was read.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Reads the object that begins at the position.</summary>
    /// <param name="fields">Takes its values.</param>
    /// <returns>False when it is no JSON object.</returns>
    public bool TryReadObject(ElementFields fields)
    {
        fields.Clear();
        if (!TryTake((byte)'{'))
        {
            return false;
        }

        SkipBlanks();
        if (TryTake((byte)'}'))
        {
            return true;
        }

        while (TryReadKey(out var field) && TryReadValue(MaxDepth, out var token))
        {
            if (field != EventField.None)
            {
                fields.Set(field, token);
            }

            SkipBlanks();
            if (TryTake((byte)'}'))
            {
                return true;
            }

            if (!TryTake((byte)','))
            {
                return false;
            }

            SkipBlanks();
        }

        return false;
    }

    private bool TryReadKey(out EventField field)
    {
        field = EventField.None;
        if (!TryReadText(out var key))
        {
            return false;
        }

        field = key.Type == TokenType.Text ? EventFieldNames.Find(_frame.Slice(key.Start, key.Length)) : FindEscaped(key);
        SkipBlanks();
        if (!TryTake((byte)':'))
        {
            return false;
        }

        SkipBlanks();
        return true;
    }

    private readonly EventField FindEscaped(Token key)
    {
        Span<byte> name = stackalloc byte[EventFieldNames.LongestName * 6];
        return key.Length <= name.Length && EscapedText.TryUnescape(_frame, key, name, out var length)
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
            case '"':
                return TryReadText(out token);
            case '[' or '{':
                return depthLeft > 0 && TrySkipContainer(depthLeft - 1, out token);
            case 't':
                return TryReadWord("true"u8, TokenType.Boolean, out token);
            case 'f':
                return TryReadWord("false"u8, TokenType.Boolean, out token);
            case 'n':
                return TryReadWord("null"u8, TokenType.Null, out token);
            default:
                return TryReadNumber(out token);
        }
    }

    private bool TryReadWord(ReadOnlySpan<byte> word, TokenType type, out Token token)
    {
        token = new Token(type, Position, word.Length);
        if (!_frame[Position..].StartsWith(word))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    private bool TryReadNumber(out Token token)
    {
        token = default;
        var start = Position;
        TryTake((byte)'-');
        var leadingZero = Position < _frame.Length && _frame[Position] == '0';
        var digits = SkipDigits();
        if (digits == 0 || (leadingZero && digits > 1))
        {
            return false;
        }

        if (TryTake((byte)'.') && SkipDigits() == 0)
        {
            return false;
        }

        if (TryTake((byte)'e') || TryTake((byte)'E'))
        {
            if (!TryTake((byte)'-'))
            {
                TryTake((byte)'+');
            }

            if (SkipDigits() == 0)
            {
                return false;
            }
        }

        token = new Token(TokenType.Number, start, Position - start);
        return true;
    }

    private int SkipDigits()
    {
        var position = Position;
        while ((uint)position < (uint)_frame.Length && (uint)(_frame[position] - '0') <= 9)
        {
            position++;
        }

        var count = position - Position;
        Position = position;
        return count;
    }

    private bool TryReadText(out Token token)
    {
        token = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        var escaped = false;
        var position = Position;
        while ((uint)position < (uint)_frame.Length)
        {
            var next = _frame[position];
            if (next == '"')
            {
                token = new Token(escaped ? TokenType.EscapedText : TokenType.Text, Position, position - Position);
                Position = position + 1;
                return true;
            }

            if (next < ' ')
            {
                return false;
            }

            if (next == '\\')
            {
                escaped = true;
                var length = EscapedText.EscapeLength(_frame[position..]);
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
        SkipBlanks();
        var closed = TryTake(end);
        while (!closed)
        {
            if ((!isList && !TryReadKey(out _)) || !TryReadValue(depthLeft, out _))
            {
                return false;
            }

            SkipBlanks();
            closed = TryTake(end);
            if (!closed && !TryTake((byte)','))
            {
                return false;
            }

            SkipBlanks();
        }

        token = new Token(isList ? TokenType.List : TokenType.Object, start, Position - start);
        return true;
    }

    private bool TryTake(byte expected)
    {
        if ((uint)Position < (uint)_frame.Length && _frame[Position] == expected)
        {
            Position++;
            return true;
        }

        return false;
    }

    private void SkipBlanks()
    {
        while ((uint)Position < (uint)_frame.Length && _frame[Position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            Position++;
        }
    }
}
