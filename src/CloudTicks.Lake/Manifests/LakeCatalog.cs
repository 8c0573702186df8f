using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Manifests;

/// <summary>A snapshot of the lake's manifests and positions.</summary>
internal sealed class LakeCatalog
{
    private const int MaxAttempts = 5;

    private readonly Dictionary<LakeDay, DayEntry> _days = [];

    /// <summary>The days, each with its manifest.</summary>
    public IReadOnlyDictionary<LakeDay, DayEntry> Days => _days;

    public LakePositions Positions { get; private set; } = new();

    /// <summary>The highest version of the positions, including damaged ones.</summary>
    public long PositionsVersion { get; private set; }

    /// <summary>Objects that CloudTicks wrote but that are not current: unfinished, replaced, or left behind by a killed writer.</summary>
    public List<string> Leftovers { get; } = [];

    /// <summary>Objects that CloudTicks did not write.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>Descriptions of what is damaged, one sentence each.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Reads the lake. If a writer replaces a version during the read, the read is repeated.</summary>
    /// <exception cref="LakeException">A later version of this program wrote the lake.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static Task<LakeCatalog> ReadAsync(ILakeStore store, CancellationToken cancellationToken) =>
        ReadAsync(store, "", cancellationToken);

    /// <summary>Reads one day of the lake; the positions are not read.</summary>
    /// <exception cref="LakeException">A later version of this program wrote the lake.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static Task<LakeCatalog> ReadAsync(ILakeStore store, LakeDay day, CancellationToken cancellationToken) =>
        ReadAsync(store, $"{day}/", cancellationToken);

    private static async Task<LakeCatalog> ReadAsync(ILakeStore store, string prefix, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var catalog = new LakeCatalog();
                await catalog.FillAsync(store, prefix, cancellationToken);
                return catalog;
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException && attempt < MaxAttempts)
            {
                // A writer deleted the version after it was listed: list again.
            }
        }
    }

    /// <summary>Reads the manifests that other processes have written since the lake was read.</summary>
    /// <exception cref="LakeConflictException">A new manifest is damaged: open the lake again, which rolls it back.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task RefreshAsync(ILakeStore store, CancellationToken cancellationToken)
    {
        var changed = new HashSet<LakeDay>();
        foreach (var found in await store.ListAsync("", cancellationToken))
        {
            if (LakeDay.TryParse(found.Name, out var day, out var rest)
                && VersionedName.TryParse(VersionedName.Manifest, rest, out var version) && version > Of(day).Highest)
            {
                changed.Add(day);
            }
        }

        foreach (var day in changed)
        {
            var read = await ReadAsync(store, day, cancellationToken);
            if (read.Of(day).IsOutdated)
            {
                throw new LakeConflictException($"{day}/{VersionedName.Of(VersionedName.Manifest, read.Of(day).Highest)}");
            }

            Set(read.Of(day));
            Problems.AddRange(read.Problems.Except(Problems).ToList());
        }
    }

    public DayEntry Of(LakeDay day) => _days.GetValueOrDefault(day) ?? DayEntry.Empty(day);

    public void Set(DayEntry entry) => _days[entry.Day] = entry;

    public void SetPositions(long version, LakePositions positions) => (PositionsVersion, Positions) = (version, positions);

    private async Task FillAsync(ILakeStore store, string prefix, CancellationToken cancellationToken)
    {
        var positions = new SortedDictionary<long, StoredObject>();
        var days = new Dictionary<LakeDay, DayObjects>();
        foreach (var found in await store.ListAsync(prefix, cancellationToken))
        {
            if (PartName.IsUnfinished(found.Name))
            {
                Leftovers.Add(found.Name);
            }
            else if (VersionedName.TryParse(VersionedName.Positions, found.Name, out var version))
            {
                positions[version] = found;
            }
            else if (VersionedName.TryParse(VersionedName.Proof, found.Name, out _))
            {
                // LakeProof reads these objects itself.
            }
            else if (!LakeDay.TryParse(found.Name, out var day, out var rest) || !Of(days, day).TryAdd(rest, found))
            {
                Foreign.Add(found.Name);
            }
        }

        foreach (var (day, objects) in days)
        {
            await AddAsync(store, day, objects, cancellationToken);
        }

        var (number, content) = await NewestAsync<LakePositions>(store, positions, LakePositions.CurrentFormat, cancellationToken);
        SetPositions(positions.Count == 0 ? 0 : positions.Keys.Max(), content ?? new LakePositions());
        Leftovers.AddRange(positions.Where(entry => entry.Key < number - 1).Select(entry => entry.Value.Name));
    }

    private static DayObjects Of(Dictionary<LakeDay, DayObjects> days, LakeDay day) =>
        days.TryGetValue(day, out var objects) ? objects : days[day] = new DayObjects();

    private async Task AddAsync(ILakeStore store, LakeDay day, DayObjects objects, CancellationToken cancellationToken)
    {
        var highest = objects.Manifests.Count == 0 ? 0 : objects.Manifests.Keys.Max();
        var (version, manifest) = await NewestAsync<DayManifest>(store, objects.Manifests, DayManifest.CurrentFormat, cancellationToken);
        if (version < highest && manifest is not null && manifest.Files.Any(file => !objects.Parts.ContainsKey(file.Name)))
        {
            // Files of this version were deleted after the damaged version had replaced it, so neither version is usable.
            (version, manifest) = (0, null);
        }

        var entry = new DayEntry(day, version, highest, manifest ?? new DayManifest());
        var fileNames = entry.Manifest.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var damaged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in entry.Manifest.Files)
        {
            if (!objects.Parts.TryGetValue(file.Name, out var part) || part.Bytes != file.Bytes)
            {
                damaged.Add(file.Name);
                var damage = part.Name is null ? "is missing" : "does not have the size that the day's manifest states";
                Problems.Add($"{day}/{file.Name} in {store.Location} {damage}: "
                    + $"{file.Rows} ticks of the day cannot be read. Other files are not affected.");
            }
        }

        Set(entry with { Damaged = damaged });
        if (!entry.IsOutdated)
        {
            Leftovers.AddRange(objects.Parts.Where(part => !fileNames.Contains(part.Key)).Select(part => part.Value.Name));
            Leftovers.AddRange(objects.Manifests.Where(one => one.Key < version - 1).Select(one => one.Value.Name));
        }
    }

    private async Task<(long Version, T? Content)> NewestAsync<T>(
        ILakeStore store, SortedDictionary<long, StoredObject> versions, int format, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var (version, found) in versions.Reverse())
        {
            var bytes = await store.GetAsync(found.Name, 0, (int)found.Bytes, cancellationToken);
            if (ChecksummedJson.TryRead<T>(found.Name, bytes, format) is { } content)
            {
                return (version, content);
            }

            Problems.Add($"{found.Name} in {store.Location} is damaged; the previous version is used.");
        }

        return (0, null);
    }

    private sealed class DayObjects
    {
        public SortedDictionary<long, StoredObject> Manifests { get; } = [];

        public Dictionary<string, StoredObject> Parts { get; } = new(StringComparer.Ordinal);

        public bool TryAdd(string rest, StoredObject found)
        {
            if (VersionedName.TryParse(VersionedName.Manifest, rest, out var version))
            {
                Manifests[version] = found;
                return true;
            }

            return PartName.IsPart(rest) && Parts.TryAdd(rest, found);
        }
    }
}
