using System.Globalization;

namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>A benchmark's results as a table for docs/performance.md.</summary>
/// <param name="columns">The headings; all columns except the first contain figures.</param>
public sealed class ResultTable(params string[] columns)
{
    private readonly List<string> _lines =
        [$"| {string.Join(" | ", columns)} |", $"|---|{string.Concat(columns.Skip(1).Select(_ => "---:|"))}"];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One cell for each column, with numbers already in their final format.</param>
    public void Add(params FormattableString[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"The row has {cells.Length} cells, but the table has {columns.Length} columns.", nameof(cells));
        }

        _lines.Add($"| {string.Join(" | ", cells.Select(cell => cell.ToString(CultureInfo.InvariantCulture)))} |");
    }

    /// <summary>The table in Markdown, without empty lines around it.</summary>
    public override string ToString() => string.Join('\n', _lines);
}
