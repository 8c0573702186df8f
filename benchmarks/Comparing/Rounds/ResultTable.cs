using System.Globalization;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>A benchmark's results as docs/performance.md shows them.</summary>
/// <param name="columns">Their headings; all but the first are figures.</param>
public sealed class ResultTable(params string[] columns)
{
    private readonly List<string> _lines =
        [$"| {string.Join(" | ", columns)} |", $"|---|{string.Concat(columns.Skip(1).Select(_ => "---:|"))}"];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One for each column; numbers are written as they are to be read.</param>
    public void Add(params FormattableString[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"A row of {cells.Length} cells in a table of {columns.Length} columns.", nameof(cells));
        }

        _lines.Add($"| {string.Join(" | ", cells.Select(cell => cell.ToString(CultureInfo.InvariantCulture)))} |");
    }

    /// <summary>Markdown, without an empty line around it.</summary>
    public override string ToString() => string.Join('\n', _lines);
}
