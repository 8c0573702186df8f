using System.Buffers;
using System.Globalization;
using System.Text;

namespace CloudTicks.Functions.Querying.Rows;

/// <summary>Builds lines of CSV (RFC 4180), field by field.</summary>
internal sealed class CsvLine
{
    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _text = new();
    private bool _isBegun;

    public CsvLine Add(string? value)
    {
        Begin();
        if (value is null || !value.AsSpan().ContainsAny(QuotedCharacters))
        {
            _text.Append(value);
        }
        else
        {
            _text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return this;
    }

    public CsvLine Add(double? value)
    {
        Begin();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public CsvLine Add(long? value)
    {
        Begin();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public void End(IBufferWriter<byte> output)
    {
        _text.Append("\r\n");
        foreach (var part in _text.GetChunks())
        {
            Encoding.UTF8.GetBytes(part.Span, output);
        }

        _text.Clear();
        _isBegun = false;
    }

    private void Begin()
    {
        if (_isBegun)
        {
            _text.Append(',');
        }

        _isBegun = true;
    }
}
