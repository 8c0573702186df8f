using System.Text;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Lake.Importing;

/// <summary>The rows of a CSV.</summary>
internal sealed class CsvRows : IImportRows
{
    private static readonly byte[] ByteOrderMark = Encoding.UTF8.GetPreamble();

    private readonly LineReader _lines;
    private readonly byte _separator;
    private readonly bool _hasHeader;
    private bool _isFirst = true;

    /// <param name="stream">The CSV, which this object closes when disposed.</param>
    public CsvRows(Stream stream, ImportSettings settings)
    {
        _lines = new LineReader(stream);
        _separator = (byte)settings.Separator;
        _hasHeader = settings.HasHeader;
    }

    public long Number => _lines.Number;

    public string Unit => "line";

    /// <summary>Reads the names of the columns.</summary>
    /// <returns>The names; empty if the file has no header or no lines.</returns>
    /// <exception cref="ImportRowException">The first line is not CSV.</exception>
    public IReadOnlyList<string> ReadHeader()
    {
        var row = new TextRow();
        return _hasHeader && TryRead(row)
            ? [.. Enumerable.Range(0, row.Count).Select(column => Encoding.UTF8.GetString(row[column]).Trim())] : [];
    }

    public bool TryRead(TextRow row)
    {
        try
        {
            if (!_lines.TryRead(out var line))
            {
                return false;
            }

            if (_isFirst && line.StartsWith(ByteOrderMark))
            {
                line = line[ByteOrderMark.Length..];
            }

            _isFirst = false;
            CsvLine.Split(line, _separator, row);
            return true;
        }
        catch (LeanFormatException tooLong)
        {
            throw new InvalidDataException($"line {_lines.Number}: {tooLong.Message}, so the file may not be a CSV");
        }
    }

    public void Dispose() => _lines.Dispose();
}
