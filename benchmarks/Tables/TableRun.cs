using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>Runs benchmarks one after the other, and writes each table as soon as it is there.</summary>
/// <param name="page">The file of docs/performance.md.</param>
/// <param name="measure">Runs a benchmark and returns its table below a line that tells of the run; throws when it fails.</param>
internal sealed class TableRun(string page, Func<Benchmark, CancellationToken, Task<string>> measure, TextWriter output)
{
    /// <summary>The benchmarks of these names; all without any.</summary>
    /// <exception cref="BenchmarkException">There is none of a name.</exception>
    public static IReadOnlyList<Benchmark> Named(IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => Benchmark.All.All(benchmark => benchmark.Name != name)) is { } unknown
            ? throw new BenchmarkException(
                $"There is no benchmark {unknown}, only: {string.Join(", ", Benchmark.All.Select(benchmark => benchmark.Name))}.")
            : [.. Benchmark.All.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name))];

    /// <returns>The exit code: 1 when a benchmark failed. Its table is as it was, with its commit.</returns>
    /// <exception cref="BenchmarkException">The page has no place for a table; nothing was measured then.</exception>
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
            await output.WriteLineAsync($"{benchmark.Name}: runs");
            try
            {
                var table = await measure(benchmark, cancellationToken);
                // Read again: a run takes an hour, and people write on the page meanwhile.
                text = PerformancePage.Write(await File.ReadAllTextAsync(page, cancellationToken), benchmark.Name, table);
                await File.WriteAllTextAsync(page, text, CancellationToken.None);
                await output.WriteLineAsync($"{benchmark.Name}:\n{table}");
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                failed.Add(benchmark.Name);
                await output.WriteLineAsync($"{benchmark.Name} failed, and its table stays as it was: {problem.Message}");
            }
        }

        if (failed.Count > 0)
        {
            await output.WriteLineAsync($"Failed: {string.Join(", ", failed)}.");
        }

        return failed.Count > 0 ? 1 : 0;
    }
}
