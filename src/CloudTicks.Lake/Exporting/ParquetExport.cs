using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Exporting;

/// <summary>
/// Writes ticks into Parquet files with the lake's columns: a single file, or, if the ticks have several kinds or markets, one file for
/// each, such as <c>NAME-quote-forex.parquet</c>. The files are renamed when all of them are complete; until then their names end in
/// <c>.partial</c>.
/// </summary>
/// <param name="path">The path of the single file; if there are several, their names are derived from it.</param>
/// <param name="memoryBytes">The memory limit of DuckDB, bytes; above it DuckDB spills to a temporary folder next to the file.</param>
public sealed class ParquetExport(string path, long memoryBytes = 256L << 20) : IDisposable
{
    private const string UnfinishedSuffix = ".partial";
    private const int TicksPerRun = 500_000;

    private readonly Disk _disk = new();
    private readonly string _folder = $"{path}{UnfinishedSuffix}-runs";
    private TickRuns? _runs;
    private long _tickNumber;

    private DuckDbSettings Limits => new() { MemoryBytes = memoryBytes, TemporaryFolder = Path.Combine(_folder, "duckdb") };

    /// <summary>Creates the temporary folder and loads libduckdb.</summary>
    /// <exception cref="DllNotFoundException">libduckdb is missing; the message says what to do.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Open()
    {
        DuckDbLibrary.EnsureLoaded();
        Clear();
        _disk.CreatePrivateFolder(_folder);
        _runs = new TickRuns(_folder, Limits, TicksPerRun);
    }

    /// <summary>Adds a tick. The column <c>archive_offset</c> numbers the added ticks, starting at 1.</summary>
    /// <exception cref="LakeException">The tick cannot be written, for instance on a full disk.</exception>
    public void Add(scoped in Tick tick, TickSource source)
    {
        try
        {
            _runs!.Add(tick, source, partition: -1, ++_tickNumber, CancellationToken.None);
        }
        catch (DuckDbException failed)
        {
            throw new LakeException($"{path} cannot be written: {failed.Message}", failed);
        }
    }

    /// <summary>Sorts the ticks and writes the files.</summary>
    /// <returns>The files; empty if no tick was added.</returns>
    /// <exception cref="LakeException">The files cannot be written, for instance on a full disk.</exception>
    /// <exception cref="IOException">A file cannot be renamed or flushed.</exception>
    public IReadOnlyList<ExportedFile> Complete(CancellationToken cancellationToken)
    {
        try
        {
            _runs!.Complete(cancellationToken);
            var series = _runs.Runs.GroupBy(run => (run.Kind, run.Market)).OrderBy(group => group.Key).ToList();
            var files = new List<ExportedFile>();
            foreach (var group in series)
            {
                var name = series.Count == 1 ? path : NameOf(group.Key.Kind, group.Key.Market);
                var rows = Write([.. group], name + UnfinishedSuffix, cancellationToken);
                files.Add(new ExportedFile(group.Key.Kind, group.Key.Market, name, rows, new FileInfo(name + UnfinishedSuffix).Length));
            }

            foreach (var file in files)
            {
                _disk.Move(file.Path + UnfinishedSuffix, file.Path);
            }

            _disk.FlushFolder(Path.GetDirectoryName(path)!);
            return files;
        }
        catch (DuckDbException failed)
        {
            throw new LakeException($"{path} cannot be written: {failed.Message}", failed);
        }
    }

    /// <summary>Deletes the temporary folder.</summary>
    public void Dispose()
    {
        _runs?.Dispose();
        Clear();
    }

    private long Write(TickRun[] runs, string outputPath, CancellationToken cancellationToken)
    {
        var rows = runs[0].Figures.Rows;
        if (runs.Length == 1)
        {
            _disk.Move(runs[0].Path, outputPath);
        }
        else
        {
            rows = TickParquetMerger.Merge(
                [.. runs.Select(run => run.Path)], outputPath, Limits, new Dictionary<string, string>(), cancellationToken).Figures.Rows;
        }

        using var file = _disk.Open(outputPath);
        file.Flush();
        return rows;
    }

    private string NameOf(TickKind kind, Market market) => Path.Combine(
        Path.GetDirectoryName(path)!,
        $"{Path.GetFileNameWithoutExtension(path)}-{kind.Name()}-{market.Name()}{Path.GetExtension(path)}");

    private void Clear()
    {
        if (Directory.Exists(_folder))
        {
            _disk.DeleteFolder(_folder);
        }
    }
}
