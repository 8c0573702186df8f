using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>A snapshot of the current files, searchable by the time of their ticks.</summary>
internal sealed class LakeIndex
{
    private const long MsPerHour = 3_600_000;
    private const long MsPerDay = 24 * MsPerHour;

    private readonly Dictionary<(TickKind Kind, Market Market), List<IndexedFile>> _files = [];

    private readonly ILakeStore _store;

    private LakeIndex(LakeCatalog catalog, ILakeStore store)
    {
        _store = store;
        foreach (var (day, entry) in catalog.Days)
        {
            var files = FilesOf(day.Kind, day.Market);
            foreach (var file in entry.Manifest.Files)
            {
                var name = $"{day}/{file.Name}";
                files.Add(new IndexedFile(name, file.Bytes, file.FirstMs, file.LastMs, StreamsOf(file), entry.Damaged.Contains(file.Name)
                    ? $"{name} in {store.Location} is missing, or its size differs from the size in the day's manifest" : null));
            }

            if (entry.IsOutdated)
            {
                files.Add(new IndexedFile("", 0, day.StartMs, day.StartMs + MsPerDay - 1, [],
                    $"The newest manifest of {day} in {store.Location} is damaged"));
            }
        }

        foreach (var files in _files.Values)
        {
            files.Sort((one, other) => one.FirstMs.CompareTo(other.FirstMs));
        }

        var first = _files.Values.Where(files => files.Count > 0).Select(files => files[0].FirstMs).Order().Cast<long?>().FirstOrDefault();
        Extent = new LakeExtent(first - (first % MsPerHour), catalog.Positions.CompleteToMs);
        Positions = catalog.Positions;
    }

    public LakeExtent Extent { get; }

    public LakePositions Positions { get; }

    public static async Task<LakeIndex> ReadAsync(ILakeStore store, CancellationToken cancellationToken) =>
        new(await LakeCatalog.ReadAsync(store, cancellationToken), store);

    /// <summary>The files that may hold ticks of a time range.</summary>
    /// <exception cref="LakeUnavailableException">A file of the range is damaged, so the result would be incomplete.</exception>
    public IReadOnlyList<IndexedFile> FindOverlapping(TickKind kind, Market market, long fromMs, long toMs)
    {
        var found = FilesOf(kind, market).Where(file => file.FirstMs < toMs && file.LastMs >= fromMs).ToList();
        return found.Find(file => file.Damage is not null) is { Damage: { } damage } ? throw Damaged(damage, null) : found;
    }

    /// <summary>Downloads files where necessary and returns their local paths.</summary>
    /// <exception cref="IOException">A file cannot be downloaded.</exception>
    /// <exception cref="LakeException">The local cache has no room for a file.</exception>
    public async Task<FilesOfKind> FetchAsync(TickKind kind, IReadOnlyList<IndexedFile> files, CancellationToken cancellationToken)
    {
        var paths = new List<string>(files.Count);
        foreach (var file in files)
        {
            paths.Add(Path.GetFullPath(await _store.FetchAsync(file.Name, file.Bytes, cancellationToken)));
        }

        return new FilesOfKind(kind, paths);
    }

    /// <summary>Returns the earliest time in a range at which a file may have ticks, Unix ms, UTC; null if no file has any.</summary>
    public long? EarliestStart(IReadOnlyList<TickKind> kinds, Market market, long fromMs, long toMs) => kinds
        .SelectMany(kind => FilesOf(kind, market).Where(file => fromMs < toMs && file.FirstMs < toMs && file.LastMs >= fromMs))
        .Select(file => (long?)Math.Max(fromMs, file.FirstMs)).Min();

    /// <summary>Returns the time after the last tick that a file may have in a range, Unix ms, UTC; null if no file has any.</summary>
    public long? LatestEnd(IReadOnlyList<TickKind> kinds, Market market, long fromMs, long toMs) => kinds
        .SelectMany(kind => FilesOf(kind, market).Where(file => fromMs < toMs && file.FirstMs < toMs && file.LastMs >= fromMs))
        .Select(file => (long?)Math.Min(toMs, file.LastMs + 1)).Max();

    public static LakeUnavailableException Damaged(string damage, Exception? cause) => new(
        $"{damage}. Repair it from the archive with 'cloudticks lake repair' (docs/lake.md); other times can be read.", cause);

    private static IReadOnlyList<string> StreamsOf(LakeFile file) =>
        [.. file.Ranges.Keys.Where(stream => !stream.StartsWith(LakeImport.StreamPrefix, StringComparison.Ordinal))];

    private List<IndexedFile> FilesOf(TickKind kind, Market market) =>
        _files.TryGetValue((kind, market), out var files) ? files : _files[(kind, market)] = [];
}

/// <summary>A file of the lake.</summary>
/// <param name="Name">The file's name in the store.</param>
/// <param name="Bytes">The file's size, bytes.</param>
/// <param name="FirstMs">The earliest time of the file's ticks, Unix ms, UTC.</param>
/// <param name="LastMs">The latest time of the file's ticks, Unix ms, UTC.</param>
/// <param name="Streams">The identities of the archives whose ticks the file has; empty if all were imported.</param>
/// <param name="Damage">The file's damage; null when the file is readable.</param>
internal sealed record IndexedFile(string Name, long Bytes, long FirstMs, long LastMs, IReadOnlyList<string> Streams, string? Damage);
