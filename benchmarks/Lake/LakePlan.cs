using CloudTicks.Benchmarks.Lake.Parts;
using CloudTicks.LocalServices;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>How much each part takes.</summary>
/// <param name="Ticks">Folder of recorded ticks; empty for synthetic ones.</param>
/// <param name="Count">Synthetic ticks of a set.</param>
/// <param name="Rows">Trades of the scan.</param>
/// <param name="Backlog">Ticks of the archive whose writer's memory is read.</param>
/// <param name="Rate">Ticks a second of the running system.</param>
internal sealed record LakePlan(string Ticks, int Count, int Rows, int Backlog, int Rate, int Rounds)
{
    /// <summary>In the order in which they run.</summary>
    public static readonly string[] Parts = ["size", "writing", "scan", "join", "memory", "live"];

    /// <summary>Measures.</summary>
    public async IAsyncEnumerable<LakeFigure> RunAsync(
        IReadOnlyCollection<string> parts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable(
            "CLOUDTICKS_LIBDUCKDB", await DuckDbInstallation.EnsureAsync(cancellationToken: cancellationToken));
        var sets = parts.Contains("size") || parts.Contains("writing") ? TickSet.Load(Ticks, Count) : [];
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
