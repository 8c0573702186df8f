using System.Globalization;
using System.Security.Cryptography;
using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Imports history files (LEAN, Polygon flat files, CSV, Parquet) into a lake, even while LakeTicks writes to the lake. Ticks that the lake
/// already has are skipped, by identity. Each file is read completely before anything is written, so that a faulty file adds nothing.
/// </summary>
/// <param name="settings">The target and the interpretation of the files.</param>
/// <param name="time">The clock, for file names and waiting.</param>
/// <param name="onFault">Receives a message for each of the first invalid lines.</param>
public sealed class LakeImport(ImportSettings settings, TimeProvider time, Action<string> onFault)
{
    internal const string StreamPrefix = "import:";
    private const long MsPerHour = 3_600_000;
    private const int HoursPerDay = 24;

    private static readonly TimeSpan LockRetryInterval = TimeSpan.FromMilliseconds(500);

    private readonly ILakeStore _store = settings.Store ?? LakeStores.Open(
        settings.Folder, null, LakeStores.DefaultCacheBytes, Environment.GetEnvironmentVariable, time);

    /// <summary>The progress.</summary>
    public ImportProgress Progress { get; } = new(time);

    /// <summary>Imports files one after the other.</summary>
    /// <param name="files">The files.</param>
    /// <param name="onFileImported">Called after each file.</param>
    /// <param name="cancellationToken">
    /// Stops the import. Days already written remain; to complete the import, import the same files again.
    /// </param>
    /// <exception cref="LakeException">A file is refused, or the lake cannot be read; the message says why.</exception>
    /// <exception cref="IOException">A file cannot be read, or the disk is full.</exception>
    /// <exception cref="DllNotFoundException">libduckdb is missing; the message says what to do.</exception>
    public async Task RunAsync(IReadOnlyList<string> files, Action<ImportReport> onFileImported, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(onFileImported);
        DuckDbLibrary.EnsureLoaded();
        await using var import = settings.IsDryRun ? null : await BeginAsync(cancellationToken);
        if (!settings.IsDryRun)
        {
            await CleanUpAsync(cancellationToken);
        }

        var folder = settings.IsDryRun ? Directory.CreateTempSubdirectory("cloudticks-import-").FullName : _store.ImportFolder;
        var disk = new Disk();
        try
        {
            foreach (var file in files)
            {
                if (Directory.Exists(folder))
                {
                    disk.DeleteFolder(folder); // including the files of a killed import
                }

                disk.CreatePrivateFolder(folder);
                onFileImported(await ImportAsync(Path.GetFullPath(file), folder, cancellationToken));
            }
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                disk.DeleteFolder(folder);
            }
        }
    }

    private async Task<IAsyncDisposable> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await _store.TryBeginImportAsync(cancellationToken) is { } import)
            {
                Progress.IsWaiting = false;
                return import;
            }

            Progress.IsWaiting = true;
            await Task.Delay(LockRetryInterval, time, cancellationToken);
        }
    }

    /// <summary>
    /// Deletes the leftovers of killed imports, unless a writer is running, because a writer deletes them itself. In an object store, the
    /// next writer deletes them: an import that acquired the writer's lease for the deletion would keep a starting writer waiting for
    /// minutes.
    /// </summary>
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        using var writes = _store.LeftoverGrace == TimeSpan.Zero ? await _store.TryLockAsync(cancellationToken) : null;
        if (writes is null)
        {
            return;
        }

        foreach (var name in (await LakeCatalog.ReadAsync(_store, cancellationToken)).Leftovers)
        {
            await _store.DeleteAsync(name, cancellationToken);
        }
    }

    private async Task<ImportReport> ImportAsync(string file, string folder, CancellationToken cancellationToken)
    {
        var limits = new DuckDbSettings { MemoryBytes = settings.MemoryBytes, TemporaryFolder = Path.Combine(folder, "duckdb") };
        Progress.Begin(file, writes: false);
        string hash;
        await using (var stream = File.OpenRead(file))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
        }

        using var runs = new TickRuns(folder, limits, settings.TicksPerRun);
        var reader = new ImportFileReader(file, settings, runs, Progress, onFault);
        reader.Run(limits, cancellationToken);
        Progress.Begin(file, writes: true);
        var added = 0L;
        var days = new HashSet<DateOnly>();
        var series = runs.Runs.GroupBy(run => (run.Kind, run.Market)).ToList();
        using var database = DuckDbDatabase.Open(limits);
        using var connection = database.Connect();
        TickHashFunction.Register(connection);
        foreach (var (index, group) in series.Index())
        {
            TickRun[] all = [.. group];
            var import = new DayImport(_store, connection, all, StreamPrefix + hash, reader.LastNumber, settings, time);
            var plan = Plan(connection, all, cancellationToken).ToList();
            foreach (var (number, (day, hours)) in plan.Index())
            {
                var rows = await import.AddAsync(day, hours, cancellationToken);
                added += rows;
                _ = rows > 0 && days.Add(day.Date);
                Progress.Set(days.Count, (index + ((number + 1.0) / plan.Count)) / series.Count);
            }
        }

        return new ImportReport
        {
            File = file,
            Sha256 = hash,
            Ticks = reader.Ticks,
            Added = added,
            InvalidLines = reader.InvalidLines,
            Days = days.Count,
            FirstMs = runs.Runs.Min(run => run.Figures.FirstMs),
            LastMs = runs.Runs.Max(run => run.Figures.LastMs),
        };
    }

    /// <summary>Lists the days in the runs, with the number of ticks of each hour.</summary>
    private static IEnumerable<(LakeDay Day, IReadOnlyList<(int Hour, long Ticks)> Hours)> Plan(
        DuckDbConnection connection, TickRun[] runs, CancellationToken cancellationToken)
    {
        var hours = new List<(long Hour, long Ticks)>();
        using (var result = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT (timestamp_ms // {MsPerHour})::BIGINT AS hour, count(*)
                FROM read_parquet({SqlText.Quote(runs.Select(run => run.Path))}, hive_partitioning = false) GROUP BY 1 ORDER BY 1
                """),
            cancellationToken))
        {
            while (result.TryRead(out var rows))
            {
                for (var i = 0; i < rows.Count; i++)
                {
                    hours.Add((rows[0].Values<long>()[i], rows[1].Values<long>()[i]));
                }
            }
        }

        return hours.GroupBy(hour => hour.Hour / HoursPerDay).Select(day => (
            LakeDay.Of(runs[0].Kind, runs[0].Market, day.Key * HoursPerDay * MsPerHour),
            (IReadOnlyList<(int, long)>)[.. day.Select(hour => ((int)(hour.Hour % HoursPerDay), hour.Ticks))]));
    }
}
