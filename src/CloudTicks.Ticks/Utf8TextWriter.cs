using System.Buffers.Text;
using System.Text.Encodings.Web;

namespace CloudTicks.Ticks;

/// <summary>Writes UTF-8 text into a buffer without allocating. The caller provides a buffer that is large enough.</summary>
/// <param name="length">The number of bytes at the beginning that are already written.</param>
public ref struct Utf8TextWriter(Span<byte> destination, int length = 0)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>The number of bytes written so far.</summary>
    public int Length { get; private set; } = length;

    /// <summary>Writes a text without escaping.</summary>
    /// <param name="text">The text in UTF-8.</param>
    public void Text(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    /// <summary>Writes one character.</summary>
    public void Character(byte character) => _destination[Length++] = character;

    /// <summary>Writes an integer.</summary>
    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _destination[Length..], out var written);
        Length += written;
    }

    /// <summary>Writes the shortest text that parses back to the same number.</summary>
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
                Character(separator);
            }

            Number(values[index]);
        }
    }

    /// <summary>Writes a text escaped for a JSON string. Invalid UTF-8 becomes U+FFFD.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> text)
    {
        JavaScriptEncoder.Default.EncodeUtf8(text, _destination[Length..], out _, out var written);
        Length += written;
    }
}
