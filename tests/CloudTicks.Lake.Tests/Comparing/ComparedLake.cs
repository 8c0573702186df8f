using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Repairing;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Comparing;

/// <summary>A lake of Parquet files and its archive, with methods that compare and repair the lake.</summary>
internal sealed class ComparedLake : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private ComparedLake(TemporaryFolder folder, HubLake hub) => (_folder, Hub) = (folder, hub);

    public HubLake Hub { get; }

    public ModelArchive Model { get; } = new();

    public FolderStore Store => new(_folder.Path, new Disk());

    public string Folder => _folder.Path;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes records to the archive and into the lake.</summary>
    public static async Task<ComparedLake> StartAsync(int records = 20, LakeOptions? options = null)
    {
        var folder = new TemporaryFolder();
        var lake = new ComparedLake(
            folder, await HubLake.StartAsync(folder.Path, options ?? new LakeOptions
            {
                Interval = TimeSpan.Zero,
                MergeAfter = TimeSpan.FromDays(7),
                MaxRoundTicks = 1_000,
            }));
        await lake.AddAsync(records);
        return lake;
    }

    public async Task AddAsync(int records)
    {
        var recordCount = Model.Records(0).Count();
        await Hub.ProduceAsync(Model.Add(records).Records(recordCount));
        await Hub.Writer.RunAsync(Cancellation);
        Hub.Writer.Status.Problem.ShouldBeNull();
    }

    public Task<LakeComparisonResult> CompareAsync(LakeSelection? selection = null) =>
        LakeComparison.Of(_folder.Path, Hub.Archive, new DuckDbSettings(), TimeProvider.System)
            .RunAsync(selection ?? LakeSelection.Changed, progress: null, Cancellation);

    /// <summary>Repairs hours of the lake while the writer keeps running.</summary>
    public async Task<LakeRepairResult> RepairAsync(IReadOnlyCollection<(LakeDay Day, int Hour)> hours)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Task.Run(
            async () =>
            {
                // Run the writer on a timer, as LakeTicks does: a tight loop would occupy a core, and the pool threads that the repair
                // needs.
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
                while (!stop.IsCancellationRequested)
                {
                    await Hub.Writer.RunAsync(Cancellation);
                    await timer.WaitForNextTickAsync(Cancellation);
                }
            },
            Cancellation);
        try
        {
            return await LakeRepair.Of(_folder.Path, Hub.Archive, new LakeOptions(), TimeProvider.System)
                .RunAsync(hours, progress: null, waiting: null, Cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    public async Task<IReadOnlyList<(DayEntry Day, LakeFile File, string Path)>> FilesAsync() =>
    [
        .. (await LakeCatalog.ReadAsync(Store, Cancellation)).Days.Values.OrderBy(day => day.Day.Date)
            .SelectMany(day => day.Manifest.Files.Select(file => (day, file, Store.LocalPathOf($"{day.Day}/{file.Name}")))),
    ];

    /// <summary>Changes the manifest of a day directly, not through the writer.</summary>
    public async Task ChangeAsync(LakeDay day, Func<DayManifest, DayManifest> change)
    {
        Hub.Writer.Dispose();
        var catalog = await LakeCatalog.ReadAsync(Store, Cancellation);
        await new LakeCommits(Store, catalog).PutAsync(day, change(catalog.Of(day).Manifest), Cancellation);
    }

    /// <summary>Adds a file of ticks that the archive does not have.</summary>
    public async Task<LakeFile> ImportAsync(LakeDay day, int hour, Action<TickParquetWriter> write)
    {
        var part = PartName.Create(hour, TimeProvider.System.GetUtcNow());
        TickFileFigures figures;
        using (var file = new TickParquetWriter(Store.BeginFile($"{day}/{part}"), new DuckDbSettings(), new Dictionary<string, string>()))
        {
            write(file);
            figures = file.Complete(Cancellation);
        }

        var imported = new LakeFile
        {
            Name = part,
            FirstHour = hour,
            LastHour = hour,
            Rows = figures.Rows,
            Bytes = await Store.PutFileAsync($"{day}/{part}", Cancellation),
            FirstMs = figures.FirstMs,
            LastMs = figures.LastMs,
            IdentitySum = figures.IdentitySum.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            AddedMs = figures.LastMs,
            Ranges = new Dictionary<string, long[][]> { ["import:00ff"] = [[0, 0, 1]] },
        };
        await ChangeAsync(day, manifest => manifest with { Files = [.. manifest.Files, imported] });
        return imported;
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
    }
}
