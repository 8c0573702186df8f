using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>Runs the program of a benchmark, and adds the commit and the machine to its table.</summary>
/// <param name="tickFolder">The folder of recorded ticks, for programs that accept one; empty for synthetic ones.</param>
internal sealed class Measurement(string root, string commit, bool isQuick, string tickFolder)
{
    private const int MaxLines = 5;

    /// <summary>The timeout of a benchmark, longer than any of them takes, so that a hanging one does not block the others.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(45);

    public async Task<string> MeasureAsync(Benchmark benchmark, CancellationToken cancellationToken)
    {
        var machine = MachineFigures.Measure(Path.GetTempPath());
        var started = TimeProvider.System.GetUtcNow();
        var table = await RunAsync(benchmark, cancellationToken);
        var quickArg = isQuick ? "--quick " : "";
        var ticksArg = TicksOf(benchmark).Length > 0 ? " --ticks FOLDER" : "";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Commit {commit}, {started:yyyy-MM-dd HH:mm} UTC, `benchmarks/run {quickArg}{benchmark.Name}{ticksArg}`, {Minutes(started)} min;
            {Environment.ProcessorCount} processors ({Processor()}), .NET {Environment.Version}, {RuntimeInformation.OSDescription};
            before the run: load average {machine.LoadAverage:0.0}, fdatasync of 4 KiB p50 {machine.FlushP50Ms:0.00} and p99 {machine.FlushP99Ms:0.00} ms,
            {machine.DecodeNs:0} ns per decoded event.
            """);
        return $"{head}\n\n{table}";
    }

    private async Task<string> RunAsync(Benchmark benchmark, CancellationToken cancellationToken)
    {
        var arguments = isQuick ? benchmark.QuickArguments : benchmark.Arguments;
        var (json, lines) = ("", new Queue<string>());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        var run = ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = DotNetProgram.Command,
                Arguments =
                [
                    "run", "-c", "Release", "--project", Path.Combine(root, "benchmarks", benchmark.Project), "--", "--json",
                    .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. TicksOf(benchmark),
                ],
                Inherited = ChildVariables.All,
                OnOutput = line => json = line.StartsWith('{') ? line : json,
                OnError = line =>
                {
                    lines.Enqueue(line);
                    if (lines.Count > MaxLines)
                    {
                        lines.Dequeue();
                    }
                },
            },
            limit.Token);
        await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (run.IsCanceled)
        {
            throw new BenchmarkException($"The benchmark takes longer than {TimeLimit.TotalMinutes:0} min.");
        }

        await run;
        if (json.Length == 0)
        {
            throw new BenchmarkException($"The benchmark ended without a result. {string.Join(" / ", lines)}".TrimEnd());
        }

        using var report = JsonDocument.Parse(json);
        return report.RootElement.GetProperty("failure").GetString() is { } failure
            ? throw new BenchmarkException(failure)
            : report.RootElement.GetProperty("table").GetString()!;
    }

    private string[] TicksOf(Benchmark benchmark) =>
        benchmark.AcceptsTicks && tickFolder.Length > 0 ? ["--ticks", Path.GetFullPath(tickFolder)] : [];

    private static double Minutes(DateTimeOffset started) => Math.Round((TimeProvider.System.GetUtcNow() - started).TotalMinutes, 1);

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : "unknown";
}
