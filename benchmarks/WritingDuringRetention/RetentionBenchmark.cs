using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Writing;

namespace CloudTicks.Benchmarks.WritingDuringRetention;

/// <summary>Measures the share of its usual rate that the writer reaches while retention drops chunks of the same table.</summary>
internal static class RetentionBenchmark
{
    private const string Without = "without retention";
    private const int TicksPerRecord = 1_000;

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        TickFrames frames, OldChunks oldChunks, TimeSpan interval, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The number of writing connections is a service's default.
        await using var database = await BenchmarkDatabase.StartAsync(new Dictionary<string, string?>(), cancellationToken);
        await using var services = database.BuildServices();
        await using var writer = new TickStoreSide(database, TickRecords.Pack(frames, TicksPerRecord));
        var (loop, retentionRuns) = (new RetentionLoop(services, oldChunks, interval), new List<(int Runs, int Dropped)>());
        var rows = 0L;

        var result = await new Comparison(
            string.Create(CultureInfo.InvariantCulture,
                $"writing {writer.Ticks:N0} ticks next to {oldChunks.Count} chunks of {oldChunks.Rows:N0} ticks past the window"),
            [new Side("while retention drops them, one by one", DroppingAsync),
                new Side(Without, token => WriteAsync(_ => Task.CompletedTask, token))],
            [new Target(Without, 0.95, 1)]).RunAsync(rounds, "", cancellationToken);
        yield return result with
        {
            SameOutput = string.Create(
                CultureInfo.InvariantCulture,
                $"after every pass the table had the same {rows:N0} new rows; during a "
                    + $"pass {retentionRuns.Min(pass => pass.Dropped)} to {retentionRuns.Max(pass => pass.Dropped)} chunks were dropped "
                    + $"in {retentionRuns.Min(pass => pass.Runs)} to {retentionRuns.Max(pass => pass.Runs)} runs"),
        };

        Task<Pass> DroppingAsync(CancellationToken token) => WriteAsync(
            async writing =>
            {
                var pass = await loop.RunAsync(writing, token);
                retentionRuns.Add(pass.Dropped > 0 ? pass
                    : throw new BenchmarkException("No chunk was dropped while ticks were written: raise --count."));
            },
            token);

        async Task<Pass> WriteAsync(Func<Task, Task> retention, CancellationToken token)
        {
            await oldChunks.RestoreAsync(database, token);
            var started = Stopwatch.GetTimestamp();
            var writing = writer.StoreAsync(token);
            var dropping = retention(writing);
            var stored = await writing;
            var pass = new Pass(writer.Ticks, Stopwatch.GetElapsedTime(started));
            await dropping;
            rows = rows == 0 ? stored : rows;
            var inTable = await database.CountSinceAsync(oldChunks.EndMs, token);
            return (stored, inTable) == (rows, rows) ? pass
                : throw new BenchmarkException($"{stored} rows were stored and {inTable} are in the table; the first pass stored {rows}.");
        }
    }
}
