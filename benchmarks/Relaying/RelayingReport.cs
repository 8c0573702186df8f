using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Relaying;

/// <summary>Formats the results as text, or as the table of docs/performance.md.</summary>
internal static class RelayingReport
{
    public static ResultTable Table(IReadOnlyList<RelayingRow> rows)
    {
        var table = new ResultTable("what", "figure", "reference, same run", "goal", "relay, hub, clients: % of a core");
        foreach (var row in rows)
        {
            table.Add($"{row.What}", $"{row.Figure}", $"{row.Reference}", $"{row.Goal}", $"{Shares(row)}");
        }

        return table;
    }

    public static void WriteText(TextWriter writer, RelayingRow row)
    {
        writer.WriteLine($"{row.What}; {JsonReport.Machine}");
        writer.WriteLine($"  {row.Figure}{(row.Goal.Length > 0 ? $" (goal: {row.Goal})" : "")}");
        if (row.Reference.Length > 0)
        {
            writer.WriteLine($"  reference: {row.Reference}");
        }

        if (row.Processor is not null)
        {
            writer.WriteLine($"  relay, hub, clients with producer: {Shares(row)} % of a core");
        }

        if (row.Failure is { } failure)
        {
            writer.WriteLine($"  FAILED: {failure}");
        }
    }

    private static string Shares(RelayingRow row) => row.Processor is { } shares
        ? string.Create(CultureInfo.InvariantCulture, $"{shares.Relay:0}, {shares.Hub:0}, {shares.Clients:0}") : "";
}
