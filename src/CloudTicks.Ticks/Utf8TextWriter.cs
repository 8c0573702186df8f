using System.Buffers.Text;
using System.Text.Encodings.Web;

namespace CloudTicks.Ticks;

/// <summary>Writes text in UTF-8 piece by piece into memory that is large enough; does not allocate.</summary>
/// <param name="length">Bytes at its beginning that are written already.</param>
public ref struct Utf8TextWriter(Span<byte> destination, int length = 0)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>The bytes written so far.</summary>
    public int Length { get; private set; } = length;

    /// <summary>Writes a text as it is.</summary>
    /// <param name="text">The text in UTF-8.</param>
    public void Text(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    /// <summary>Writes one letter.</summary>
    public void Letter(byte letter) => _destination[Length++] = letter;

    /// <summary>Writes a whole number.</summary>
    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out var written);
        Length += written;
    }

    /// <summary>Writes a number with as many digits as it needs to be read back.</summary>
    /// <param name="value">The number.</param>
    public void Number(double value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out var written);
        Length += written;
    }

    /// <summary>Writes an exact decimal.</summary>
    /// <param name="value">The number.</param>
    public void Number(Price value) => Length += value.Format(_destination[Length..]);

    /// <summary>Writes 16 hex digits.</summary>
    /// <param name="value">The number.</param>
    public void Hex(ulong value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out var written, new('x', 16));
        Length += written;
    }

    /// <summary>Writes numbers with a separator between them.</summary>
    public void List(scoped ReadOnlySpan<int> values, byte separator)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (index > 0)
            {
                Letter(separator);
            }

            Number(values[index]);
        }
    }

    /// <summary>Writes a text for the inside of a JSON string; bytes that are no UTF-8 become U+FFFD.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> text)
    {
        JavaScriptEncoder.Default.EncodeUtf8(text, _destination[Length..], out _, out var written);
        Length += written;
    }
}
