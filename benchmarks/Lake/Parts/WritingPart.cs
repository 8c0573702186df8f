using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>
/// Measures ticks per second per core. Our writer reads records; DuckDB reads, sorts and writes the same rows from CSV.
/// </summary>
internal static class WritingPart
{
    private const string Other = "DuckDB from CSV, one thread";

    public static async IAsyncEnumerable<LakeFigure> RunAsync(
        IReadOnlyList<TickSet> sets, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var set in sets)
        {
            using var scratch = new WrittenLake();
            var csv = Path.Combine(scratch.Folder, "ticks.csv");
            var rows = await scratch.WriteAsync(set.Records, merges: true, cancellationToken);
            Copy(
                $"SELECT {TickSchema.Names} FROM {scratch.Files}",
                $"'{csv}' (FORMAT csv)", cancellationToken);
            var (ours, theirs) = (new List<double>(), new List<double>());
            for (var round = -1; round < rounds; round++)
            {
                var (our, their) = (await OursAsync(set, rows, cancellationToken), DuckDb(csv, scratch.Folder, rows, cancellationToken));
                if (round >= 0)
                {
                    ours.Add(our);
                    theirs.Add(their);
                }
            }

            yield return new LakeFigure(
                $"writing {rows:N0} {set.Name} from records, per core", "ticks/s", Median.Of(ours), Other, Median.Of(theirs), "1,000,000");
        }
    }

    private static async Task<double> OursAsync(TickSet set, long rows, CancellationToken cancellationToken)
    {
        using var lake = new WrittenLake();
        var before = Environment.CpuUsage.TotalTime;
        var written = await lake.WriteAsync(set.Records, merges: false, cancellationToken);
        var took = Environment.CpuUsage.TotalTime - before;
        return written == rows
            ? rows / took.TotalSeconds
            : throw new BenchmarkException($"The lake has {written} ticks instead of {rows}.");
    }

    private static double DuckDb(string csv, string folder, long rows, CancellationToken cancellationToken)
    {
        var columns = string.Join(
            ", ", TickSchema.Columns.Select(column => $"'{column.Name}': '{column.Type}'"));
        using var database = DuckDbDatabase.Open(new DuckDbSettings { TemporaryFolder = Path.Combine(folder, "tmp") });
        using var connection = database.Connect();
        var before = Environment.CpuUsage.TotalTime;
        var written = ParquetCopy.Run(
            connection,
            $"SELECT * FROM read_csv('{csv}', header = true, columns = {{{columns}}}) ORDER BY symbol, timestamp_ms, archive_offset",
            Path.Combine(folder, "other"), ParquetCopy.QuickLevel, new Dictionary<string, string> { ["by"] = "DuckDB" },
            cancellationToken);
        var took = Environment.CpuUsage.TotalTime - before;
        return written == rows
            ? rows / took.TotalSeconds
            : throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture, $"DuckDB wrote {written} of {rows} rows."));
    }

    private static void Copy(string query, string target, CancellationToken cancellationToken)
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings());
        using var connection = database.Connect();
        connection.Execute($"COPY ({query}) TO {target}", cancellationToken);
    }
}
