using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Writing;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;

namespace CloudTicks.Benchmarks.Lake.Parts;

/// <summary>
/// Measures the bytes per tick of the lake after merging, compared with the same rows as gzipped CSV, in the archive's records, and in the
/// table with its index.
/// </summary>
internal static class SizePart
{
    public static async IAsyncEnumerable<LakeFigure> RunAsync(
        IReadOnlyList<TickSet> sets, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var set in sets)
        {
            using var lake = new WrittenLake();
            var rows = await lake.WriteAsync(set.Records, merges: true, cancellationToken);
            var ours = (double)lake.Bytes / rows;
            var what = string.Create(CultureInfo.InvariantCulture, $"size of {rows:N0} {set.Name}");
            var csvBytesPerTick = (double)Csv(lake, cancellationToken) / rows;
            yield return new LakeFigure(what, "B/tick", ours, "CSV by gzip, no empty columns", csvBytesPerTick, "under 5 for EUR/USD");
            yield return new LakeFigure(what, "B/tick", ours, "the archive's records", (double)set.Bytes / rows, "");
            yield return new LakeFigure(
                what, "B/tick", ours, "the table with its index", await TableBytesAsync(set, cancellationToken) / rows, "");
        }
    }

    /// <summary>The bytes of the same rows as one gzip file, without columns that have no value.</summary>
    private static long Csv(WrittenLake lake, CancellationToken cancellationToken)
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings { MemoryBytes = 1L << 30 });
        using var connection = database.Connect();
        var filledColumns = TickSchema.Columns.Where(column => IsFilled(connection, lake, column.Name, cancellationToken));
        var path = Path.Combine(lake.Folder, "ticks.csv.gz");
        connection.Execute(
            $"COPY (SELECT {string.Join(", ", filledColumns.Select(Text))} FROM {lake.Files}) TO '{path}' (FORMAT csv, COMPRESSION gzip)",
            cancellationToken);
        return new FileInfo(path).Length;
    }

    private static bool IsFilled(DuckDbConnection connection, WrittenLake lake, string column, CancellationToken cancellationToken)
    {
        using var result = connection.Query($"SELECT count({column}) FROM {lake.Files}", cancellationToken);
        return result.TryRead(out var row) && row[0].Values<long>()[0] > 0;
    }

    /// <summary>Returns the SQL of a column. Decimals lose the trailing zeros of 18 places, which would make CSV much larger.</summary>
    private static string Text((string Name, string Type) column) => column.Type == TickSchema.Decimal
        ? $"rtrim(rtrim({column.Name}::VARCHAR, '0'), '.') AS {column.Name}"
        : column.Name;

    private static async Task<double> TableBytesAsync(TickSet set, CancellationToken cancellationToken)
    {
        await using var database = await BenchmarkDatabase.StartAsync(StoredTicks.Settings, cancellationToken);
        await StoredTicks.StoreAsync(database, set.Records, cancellationToken);
        return await database.NumberAsync("SELECT hypertable_size('market_ticks')::double precision", cancellationToken);
    }
}
