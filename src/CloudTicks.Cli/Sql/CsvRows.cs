using System.Text;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>
/// Writes CSV as in RFC 4180, but with LF line ends. An absent value is written as an empty field, an empty text as <c>""</c>.
/// </summary>
internal sealed class CsvRows(Stream output) : IRowFormat
{
    private int _columns;

    public bool IsJson => false;

    public void Begin(IReadOnlyList<LakeColumn> columns)
    {
        _columns = columns.Count;
        for (var i = 0; i < _columns; i++)
        {
            Value(Encoding.UTF8.GetBytes(columns[i].Name));
            output.WriteByte(i + 1 < _columns ? (byte)',' : (byte)'\n');
        }
    }

    public void Write(DuckDbChunk rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < _columns; i++)
            {
                if (!rows[i].IsNull(row))
                {
                    Value(rows[i].Bytes(row));
                }

                output.WriteByte(i + 1 < _columns ? (byte)',' : (byte)'\n');
            }
        }
    }

    public void End() => output.Flush();

    private void Value(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text.IndexOfAny(",\"\r\n"u8) < 0)
        {
            output.Write(text);
            return;
        }

        output.WriteByte((byte)'"');
        foreach (var value in text)
        {
            if (value == '"')
            {
                output.WriteByte(value);
            }

            output.WriteByte(value);
        }

        output.WriteByte((byte)'"');
    }
}
