using CloudTicks.Benchmarks.Lake.Parts;
using CloudTicks.LocalServices;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>How much data each part of the benchmark uses.</summary>
/// <param name="TickFolder">The folder of recorded ticks; empty for synthetic ones.</param>
/// <param name="Count">The number of synthetic ticks per set.</param>
/// <param name="Rows">The number of trades in the scan.</param>
/// <param name="Backlog">The number of archived ticks for the measurement of the writer's memory.</param>
/// <param name="Rate">The rate of the running system, ticks/s.</param>
internal sealed record LakePlan(string TickFolder, int Count, int Rows, int Backlog, int Rate, int Rounds)
{
    /// <summary>The names of the parts, in the order in which they run.</summary>
    public static readonly string[] Parts = ["size", "writing", "scan", "join", "memory", "live"];

    /// <summary>Runs the parts, and returns their figures.</summary>
    public async IAsyncEnumerable<LakeFigure> RunAsync(
        IReadOnlyCollection<string> parts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable(
            "CLOUDTICKS_LIBDUCKDB", await DuckDbInstallation.EnsureAsync(cancellationToken: cancellationToken));
        var sets = parts.Contains("size") || parts.Contains("writing") ? TickSet.Load(TickFolder, Count) : [];
        foreach (var part in Parts.Where(parts.Contains))
        {
            var figures = part switch
            {
                "size" => SizePart.RunAsync(sets, cancellationToken),
                "writing" => WritingPart.RunAsync(sets, Rounds, cancellationToken),
                "scan" => ScanPart.RunAsync(Rows, Rounds, cancellationToken),
                "join" => JoinPart.RunAsync(Rounds, cancellationToken),
                "memory" => WriterPart.MemoryAsync(Backlog, cancellationToken),
                _ => WriterPart.LiveAsync(Rate, cancellationToken),
            };
            await foreach (var figure in figures)
            {
                yield return figure;
            }
        }
    }
}
