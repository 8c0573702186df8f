namespace CloudTicks.Benchmarks.Tables;

/// <summary>A program of this folder that prints a table of docs/performance.md.</summary>
/// <param name="Name">The name of the table, also used on the command line.</param>
/// <param name="Project">The program's folder.</param>
/// <param name="Arguments">The arguments in addition to <c>--json</c>.</param>
/// <param name="QuickArguments">The arguments for <c>--quick</c>, a short trial run whose figures are not comparable.</param>
internal sealed record Benchmark(string Name, string Project, string Arguments, string QuickArguments)
{
    /// <summary>Whether the program accepts a folder of recorded ticks.</summary>
    public bool AcceptsTicks { get; init; }

    /// <summary>All benchmarks, in the order in which they run.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new("cost", "Cost", "", "--rates 1000 --warm 20 --seconds 10 --calls 0"),
        new("latency", "Latency", "", "--rates 1000 --warm 20 --seconds 10"),
        new("whole-path", "WholePath", "--rates 5000 50000 100000 150000", "--rates 5000 --for 10s"),
        new("hot-change", "HotChange", "", "--rate 5000 --symbols EURCHF"),
        new("decoding", "Decoding", "", "--rounds 1 --count 100000"),
        new("writing", "Writing", "", "--rounds 1 --count 100000"),
        new("retention", "WritingDuringRetention", "", "--rounds 1 --count 500000 --chunks 2"),
        new("fan-out", "FanOut", "", "--rounds 1 --count 160000"),
        new("relaying", "Relaying", "", "--rounds 1 --seconds 5 --count 200000 --idle 100"),
        new("lake", "Lake", "", "--rounds 1 --count 200000 --rows 200000 --backlog 500000 --parts size writing scan join memory")
        {
            AcceptsTicks = true,
        },
        new("hub", "Hub", "", "--rounds 1"),
        new("abuse", "Abuse", "--seconds 10", "--seconds 3 --settle 1 --only none floods"),
        new("producing", "Producing", "--rounds 3", "--rounds 1 --repeats 2"),
        new("ingest", "Ingest", "", "--rounds 1"),
        new("soak", "Soak", "", "--rate 5000 --seconds 20"),
    ];
}
