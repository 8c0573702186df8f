using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Converts the tokens of one element into values. Numbers may also be strings (<c>"x":"48"</c>), have exponents (<c>4e-05</c>) or a
/// decimal point (<c>48.0</c>): feeds send all of these. The first invalid value rejects the element.
/// </summary>
internal ref struct FieldValues(ReadOnlySpan<byte> frame, ElementFields fields)
{
    private readonly ReadOnlySpan<byte> _frame = frame;

    /// <summary>Why the element is rejected, or <see cref="TickRejection.None"/>.</summary>
    public TickRejection Rejection { get; private set; }

    public readonly bool Has(EventField field) => fields.Has(field);

    /// <summary>Rejects the element. The first reason is kept.</summary>
    public void Reject(TickRejection reason) => Rejection = Rejection == TickRejection.None ? reason : Rejection;

    /// <summary>Reads an exact decimal; false when the field is absent or invalid.</summary>
    public bool TryDecimal(EventField field, TickRejection inexact, out Price value)
    {
        if (fields.TryGetDigits(field, out var mantissa, out var decimals))
        {
            value = Price.Create(mantissa, decimals);
            return true;
        }

        value = default;
        if (!TryNumberText(field, out var text, out var isText))
        {
            return false;
        }

        if (Price.TryParse(text, out value))
        {
            return true;
        }

        Reject(isText ? TickRejection.BadField : inexact);
        return false;
    }

    /// <summary>Reads a whole number; false when the field is absent or not a whole number.</summary>
    public bool TryInteger(EventField field, out long value)
    {
        return (fields.TryGetDigits(field, out value, out var decimals) && decimals == 0)
            || (TryNumberText(field, out var text, out _) && TryInteger(text, out value));
    }

    public bool TryInt32(EventField field, out int value)
    {
        var found = TryInteger(field, out var whole);
        value = (int)whole;
        if (found && value != whole)
        {
            Reject(TickRejection.BadField);
            return false;
        }

        return found;
    }

    /// <summary>Reads a Unix time in s, ms, µs or ns, and converts it to ms; zero counts as absent.</summary>
    public bool TryTime(EventField field, out long milliseconds)
    {
        var found = TryInteger(field, out var value);
        milliseconds = EventTime.ToMilliseconds(value);
        return found && value != 0;
    }

    /// <summary>Reads a list of whole numbers, or a single number; an empty list counts as absent.</summary>
    public ReadOnlySpan<int> List(EventField field, int[] values)
    {
        if (!fields.TryGet(field, out var token))
        {
            return [];
        }

        if (token.Type != TokenType.List)
        {
            return TryInt32(field, out values[0]) ? values.AsSpan(0, 1) : [];
        }

        var count = 0;
        // The scanner has checked the brackets, so a list of numbers can be split at its commas.
        var rest = _frame.Slice(token.Start + 1, token.Length - 2).Trim(WhiteSpace);
        while (!rest.IsEmpty)
        {
            if (count == values.Length)
            {
                Reject(TickRejection.TooLong);
                return [];
            }

            var comma = rest.IndexOf((byte)',');
            var entry = (comma < 0 ? rest : rest[..comma]).Trim(WhiteSpace);
            if (!TryInteger(entry, out var value) || value != (int)value)
            {
                Reject(TickRejection.BadField);
                return [];
            }

            values[count++] = (int)value;
            rest = comma < 0 ? [] : rest[(comma + 1)..];
        }

        return values.AsSpan(0, count);
    }

    /// <summary>
    /// Reads a text, or the digits of a number that is used in place of a text. The maximum length applies after unescaping.
    /// </summary>
    /// <param name="scratch">A buffer for a text with escapes, whose length is the maximum length of the text.</param>
    public bool TryText(EventField field, byte[] scratch, TickRejection tooLong, out ReadOnlySpan<byte> text)
    {
        if (!TryTextStart(field, scratch, out text, out var length))
        {
            return false;
        }

        if (length > scratch.Length)
        {
            Reject(tooLong);
            return false;
        }

        return true;
    }

    /// <summary>Like <see cref="TryText"/>, but truncates a text that is too long.</summary>
    /// <param name="scratch">A buffer for a text with escapes.</param>
    /// <param name="start">The text, truncated to the length of <paramref name="scratch"/>.</param>
    public bool TryTextStart(EventField field, byte[] scratch, out ReadOnlySpan<byte> start, out int length)
    {
        start = [];
        length = 0;
        if (!fields.TryGet(field, out var token))
        {
            return false;
        }

        if (token.Type is not (TokenType.Text or TokenType.EscapedText or TokenType.Number))
        {
            Reject(TickRejection.BadField);
            return false;
        }

        start = _frame.Slice(token.Start, token.Length);
        length = token.Length;
        if (token.Type == TokenType.EscapedText)
        {
            if (!EscapedText.TryUnescape(start, scratch, out length))
            {
                Reject(TickRejection.NotJson);
                return false;
            }

            start = scratch;
        }

        start = start[..Math.Min(length, scratch.Length)];
        return true;
    }

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    private bool TryNumberText(EventField field, out ReadOnlySpan<byte> text, out bool isText)
    {
        text = [];
        isText = false;
        if (!fields.TryGet(field, out var token))
        {
            return false;
        }

        isText = token.Type is TokenType.Text or TokenType.EscapedText;
        if (token.Type != TokenType.Number && !isText)
        {
            Reject(TickRejection.BadField);
            return false;
        }

        text = _frame.Slice(token.Start, token.Length);
        if (token.Type != TokenType.EscapedText)
        {
            return true;
        }

        if (!EscapedText.TryUnescape(text, fields.NumberScratch, out var length) || length > fields.NumberScratch.Length)
        {
            Reject(TickRejection.BadField);
            return false;
        }

        text = fields.NumberScratch.AsSpan(0, length);
        return true;
    }

    private bool TryInteger(ReadOnlySpan<byte> text, out long value)
    {
        if (TryDigits(text, out value))
        {
            return true;
        }

        if (Price.TryParse(text, out var number) && number.Scale == 0)
        {
            value = number.Mantissa;
            return true;
        }

        Reject(TickRejection.BadField);
        return false;
    }

    /// <summary>The common case: at most 18 digits, which fit into 63 bits.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.Length is 0 or > 18 || (text[0] == '0' && text.Length > 1))
        {
            return false;
        }

        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
