using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>Runs benchmarks one after another, and writes each table as soon as it is complete.</summary>
/// <param name="page">The file of docs/performance.md.</param>
/// <param name="measure">Runs a benchmark and returns its table, with a line about the run above it; throws if it fails.</param>
internal sealed class TableRun(string page, Func<Benchmark, CancellationToken, Task<string>> measure, TextWriter output)
{
    /// <summary>The benchmarks with the given names; all if no name is given.</summary>
    /// <exception cref="BenchmarkException">A name is unknown.</exception>
    public static IReadOnlyList<Benchmark> Named(IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => Benchmark.All.All(benchmark => benchmark.Name != name)) is { } unknown
            ? throw new BenchmarkException(
                $"Unknown benchmark {unknown}; choose from: {string.Join(", ", Benchmark.All.Select(benchmark => benchmark.Name))}.")
            : [.. Benchmark.All.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name))];

    /// <returns>The exit code: 1 if a benchmark failed. The failed benchmark's table keeps its old figures and commit.</returns>
    /// <exception cref="BenchmarkException">The page lacks the markers of a table; then nothing was measured.</exception>
    public async Task<int> RunAsync(IReadOnlyList<Benchmark> benchmarks, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(page, cancellationToken);
        foreach (var benchmark in benchmarks)
        {
            PerformancePage.Write(text, benchmark.Name, "");
        }

        var failed = new List<string>();
        foreach (var benchmark in benchmarks)
        {
            await output.WriteLineAsync($"{benchmark.Name} is running");
            try
            {
                var table = await measure(benchmark, cancellationToken);
                // Read the page again, because a run takes an hour and the page may have been edited meanwhile.
                text = PerformancePage.Write(await File.ReadAllTextAsync(page, cancellationToken), benchmark.Name, table);
                await File.WriteAllTextAsync(page, text, CancellationToken.None);
                await output.WriteLineAsync($"{benchmark.Name}:\n{table}");
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                failed.Add(benchmark.Name);
                await output.WriteLineAsync($"{benchmark.Name} failed, and its table is unchanged: {problem.Message}");
            }
        }

        if (failed.Count > 0)
        {
            await output.WriteLineAsync($"Failed: {string.Join(", ", failed)}.");
        }

        return failed.Count > 0 ? 1 : 0;
    }
}
