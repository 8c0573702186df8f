using CloudTicks.Foundations.Disks;
using CloudTicks.Lake;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using WriterSession = CloudTicks.Lake.Writing.LakeWriterSession;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>A lake in a temporary folder, written as LakeTicks writes it; deleted at the end.</summary>
internal sealed class WrittenLake : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-lake-");

    public string Folder => _folder.FullName;

    /// <summary>The total size of the lake's Parquet files, bytes.</summary>
    public long Bytes => _folder.EnumerateFiles("*.parquet", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>A SQL expression for all files of the lake.</summary>
    public string Files => $"read_parquet('{Folder}/**/*.parquet', hive_partitioning = false)";

    /// <summary>Opens the lake as <c>cloudticks sql</c> does.</summary>
    public async Task<LakeSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await LakeSession.OpenAsync(
            new LakeSqlOptions { Folder = Folder, TemporaryFolder = Path.Combine(Folder, "tmp") }, cancellationToken);
        session.Seal();
        return session;
    }

    /// <summary>Runs a query that returns one number.</summary>
    public static double Number(LakeSession session, string sql, CancellationToken cancellationToken)
    {
        using var rows = session.Query(sql, new Dictionary<string, object?>(), asJson: false, cancellationToken);
        return rows.TryRead(out var chunk)
            ? double.Parse(System.Text.Encoding.UTF8.GetString(chunk[0].Bytes(0)), System.Globalization.CultureInfo.InvariantCulture)
            : throw new Comparing.Rounds.BenchmarkException($"There is no row: {sql}");
    }

    /// <summary>Writes records.</summary>
    /// <param name="merges">Whether hours and days are merged at the end, however new they are.</param>
    /// <returns>The number of new ticks.</returns>
    public async Task<long> WriteAsync(
        IEnumerable<(int Partition, ReadOnlyMemory<byte> Value)> records, bool merges, CancellationToken cancellationToken)
    {
        var options = new LakeOptions { MergeAfter = TimeSpan.Zero };
        var store = new FolderStore(Folder, new Disk());
        var files = new ParquetFiles(
            new DuckDbSettings { MemoryBytes = options.MemoryBytes, TemporaryFolder = store.TemporaryFolder });
        using var session = (await WriterSession.TryOpenAsync(
            store, files, options, TimeProvider.System, NullLogger.Instance, cancellationToken))!;
        var rows = 0L;
        foreach (var (round, next) in RecordRounds.Of(records, options))
        {
            rows += await session.Writer.WriteAsync(round, next, cancellationToken);
        }

        while (merges && session.Merger.Next() is var (day, old))
        {
            await session.Merger.MergeAsync(day, old, cancellationToken);
        }

        await session.DeleteReplacedAsync(cancellationToken);
        files.Release();
        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
