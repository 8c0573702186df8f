using System.Buffers.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Events;

/// <summary>Writes the fields of an event behind one another.</summary>
internal ref struct EventWriter(Span<byte> destination, NumberStyle style)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    public void Number(scoped ReadOnlySpan<byte> name, long value, bool present)
    {
        if (!present)
            return;
        Raw(name);
        Quote();
        Whole(value);
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
            Whole(value.Mantissa);
            Raw("e-"u8);
            if (value.Scale < 10)
                Raw("0"u8);
            Whole(value.Scale);
        }
        else
        {
            Length += value.Format(_destination[Length..]);
        }

        Quote();
    }

    private void Whole(long value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out var written);
        Length += written;
    }

    private void Quote()
    {
        if (style == NumberStyle.Text)
            Raw("\""u8);
    }
}
