using System.Globalization;
using System.Text;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>Writes aligned columns. The first rows determine the widths, so that memory does not grow with the result.</summary>
internal sealed class TableRows(Stream output) : IRowFormat
{
    private const int MeasuredRows = 1_000;
    private const int MaxWidth = 60;
    private const string Gap = "  ";

    private readonly List<string?[]> _measured = [];
    private IReadOnlyList<LakeColumn> _columns = [];
    private int[]? _widths;
    private long _rows;

    public bool IsJson => false;

    public void Begin(IReadOnlyList<LakeColumn> columns) => _columns = columns;

    public void Write(DuckDbChunk rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var values = new string?[_columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows[i].IsNull(row) ? null : Plain(Encoding.UTF8.GetString(rows[i].Bytes(row)));
            }

            _rows++;
            if (_widths is not null)
            {
                Line(values);
                continue;
            }

            _measured.Add(values);
            if (_measured.Count == MeasuredRows)
            {
                Measure();
            }
        }
    }

    public void End()
    {
        if (_widths is null)
        {
            Measure();
        }

        Text(string.Create(CultureInfo.InvariantCulture, $"({_rows:N0} {(_rows == 1 ? "row" : "rows")})\n"));
        output.Flush();
    }

    private void Measure()
    {
        _widths = [.. _columns.Select((column, i) => Math.Min(
            MaxWidth, Math.Max(column.Name.Length, _measured.Select(row => row[i]?.Length ?? 0).DefaultIfEmpty().Max())))];
        Line([.. _columns.Select(column => column.Name)]);
        Text(string.Join(Gap, _widths.Select(width => new string('-', width))) + "\n");
        _measured.ForEach(Line);
        _measured.Clear();
    }

    private void Line(string?[] values)
    {
        var line = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i] ?? "";
            line.Append(i > 0 ? Gap : "").Append(_columns[i].IsNumber ? value.PadLeft(_widths![i]) : value.PadRight(_widths![i]));
        }

        Text(line.ToString().TrimEnd() + "\n");
    }

    /// <summary>Replaces control characters except line feeds: texts come from a feed, and a terminal would interpret them.</summary>
    private static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c))
            : text;

    private void Text(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
