using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Events;

internal ref struct EventWriter(Span<byte> destination, NumberStyle style)
{
    private Utf8TextWriter _text = new(destination);

    public readonly int Length => _text.Length;

    public void Raw(scoped ReadOnlySpan<byte> bytes) => _text.Text(bytes);

    /// <summary>Writes the content of a JSON string, and escapes characters where necessary.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0 && text.IndexOfAny((byte)'"', (byte)'\\') < 0)
            Raw(text);
        else
            _text.Escaped(text);
    }

    /// <summary>Writes a number as a plain decimal, whatever the style.</summary>
    public void Text(Price value) => _text.Number(value);

    public void Number(scoped ReadOnlySpan<byte> name, long value, bool present)
    {
        if (!present)
            return;
        Raw(name);
        Quote();
        _text.Number(value);
        Quote();
    }

    public void Price(scoped ReadOnlySpan<byte> name, Price value, bool present)
    {
        if (!present)
            return;
        Raw(name);
        Quote();
        if (style == NumberStyle.Exponent)
        {
            _text.Number(value.Mantissa);
            Raw("e-"u8);
            if (value.Scale < 10)
                Raw("0"u8);
            _text.Number(value.Scale);
        }
        else
        {
            _text.Number(value);
        }

        Quote();
    }

    private void Quote()
    {
        if (style == NumberStyle.Text)
            Raw("\""u8);
    }
}
