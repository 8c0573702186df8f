using System.Globalization;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Comparing;

/// <summary>Reads the files of the compared days, and finds faulty ones.</summary>
internal sealed class ComparedFiles(ILakeStore store, ArchiveBounds bounds, LakeComparisonResult result, LakeCatalog catalog)
{
    private const int MaxAttempts = 5;

    private LakeCatalog _catalog = catalog;

    /// <summary>Compares a day.</summary>
    /// <param name="starts">By partition, the offset of the first archive record that was read.</param>
    /// <param name="read">Receives the number of rows of each file when it is processed.</param>
    /// <returns>
    /// Whether both sides agree, and the version of the manifest that is proved. The version is null if the sides differ, or if the
    /// manifest is outdated or covers records that were not compared.
    /// </returns>
    public async Task<(bool IsSame, long? Version)> CompareAsync(
        ComparedDay day, IReadOnlyDictionary<int, long> starts, Action<long> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var entry = _catalog.Of(day.Day);
            try
            {
                var faults = await AddAsync(day, entry, starts, read, cancellationToken);
                faults.ForEach(result.Add);
                var isSame = day.Compare(result, cancellationToken) && faults.Count == 0;
                return (isSame, isSame && !entry.IsOutdated && !IsAhead(entry, day) ? entry.Version : null);
            }
            catch (FileNotFoundException) when (attempt < MaxAttempts)
            {
                // The day's files were merged while they were read: start again.
                day.RemoveFiles(cancellationToken);
                _catalog = await LakeCatalog.ReadAsync(store, cancellationToken);
            }
        }
    }

    /// <summary>Whether the day's manifest covers records after the compared ones.</summary>
    private bool IsAhead(DayEntry entry, ComparedDay day) =>
        day.Ends.Any(end => entry.Manifest.CoveredTo(bounds.Stream, end.Key) > end.Value);

    private async Task<List<LakeFileFault>> AddAsync(
        ComparedDay day, DayEntry entry, IReadOnlyDictionary<int, long> starts, Action<long> read, CancellationToken cancellationToken)
    {
        var faults = new List<LakeFileFault>();
        foreach (var file in entry.Manifest.Files)
        {
            if (entry.Damaged.Contains(file.Name))
            {
                faults.Add(Fault(entry, file, "is missing, or its size differs from the size in the day's manifest"));
            }
            else if (await TryAddAsync(day, entry, file, starts, cancellationToken) is { } problem)
            {
                faults.Add(Fault(entry, file, problem));
            }

            read(file.Rows);
        }

        return faults;
    }

    /// <returns>The file's fault; null if there is none.</returns>
    /// <exception cref="FileNotFoundException">The file was deleted.</exception>
    private async Task<string?> TryAddAsync(
        ComparedDay day, DayEntry entry, LakeFile file, IReadOnlyDictionary<int, long> starts, CancellationToken cancellationToken)
    {
        var name = $"{entry.Day}/{file.Name}";
        try
        {
            var path = await store.FetchAsync(name, file.Bytes, cancellationToken);
            var (rows, sum) = day.AddFile(path, bounds.SideExpression(file, starts, day.Ends), cancellationToken);
            if (rows == file.Rows && sum == file.Sum)
            {
                return null;
            }

            day.RemoveFile(cancellationToken);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"holds {rows:N0} ticks with an identity sum of {sum:x16}, but the day's manifest states {file.Rows:N0} ticks with "
                    + $"an identity sum of {file.IdentitySum}");
        }
        catch (DuckDbException damaged) when (damaged.Kind is not (DuckDbErrorKind.OutOfMemory or DuckDbErrorKind.Interrupted))
        {
            _ = await store.GetAsync(name, 0, 1, cancellationToken);
            return $"cannot be read ({damaged.Message.ReplaceLineEndings(" ").TrimEnd('.')})";
        }
    }

    private LakeFileFault Fault(DayEntry entry, LakeFile file, string problem) =>
        new(entry.Day, file, $"{entry.Day}/{file.Name} in {store.Location} {problem}.");
}
