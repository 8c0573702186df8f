using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Lake.Repairing;

/// <summary>
/// Repairs some hours of a day: reads their ticks from the archive into new files, copies all other ticks of the old files, and those that
/// are not from the archive, and replaces the old files in one new manifest. A crash before the manifest is written leaves only files that
/// no manifest names.
/// </summary>
internal sealed class DayRepairWriter(
    ILakeStore store, LakeWriterSession session, ArchiveReader archive, ITickFiles files, LakeOptions options, ArchiveBounds bounds,
    TimeProvider time)
{
    private const long ClockMarginMs = 86_400_000;
    private const long MsPerHour = 3_600_000;

    /// <summary>Files that were replaced and can be deleted.</summary>
    public List<string> Replaced { get; } = [];

    public async Task WriteAsync(DayRepair day, LakeRepairResult result, Action<double> progress, CancellationToken cancellationToken)
    {
        var (manifest, folder) = (day.Entry.Manifest, day.Entry.Day);
        var starts = await FindStartsAsync(folder, manifest, cancellationToken);
        var ends = bounds.EndsOf(manifest);
        var (unchanged, copies) = await CopyAsync(day, starts, ends, cancellationToken);
        var old = day.Files.Where(file => !unchanged.Contains(file)).ToList();
        var rewritten = await RewriteAsync(day, starts, ends, progress, cancellationToken);
        var ranges = ends.Select(end => new RoundRange(end.Key, starts[end.Key], end.Value)).ToList();
        if (old.Count + copies.Count + rewritten.Count == 0)
        {
            return;
        }

        var kept = manifest with { Files = [.. manifest.Files.Except(old)], DroppedMs = null };
        var repaired = kept.With([.. copies, .. rewritten], bounds.Stream, ranges);
        await session.Commits.PutAsync(folder, repaired, cancellationToken);

        result.Days.Add(folder);
        result.Hours += day.Hours.Count;
        result.OldFiles += old.Count;
        result.OldRows += old.Sum(file => file.Rows);
        result.NewFiles += copies.Count + rewritten.Count;
        result.NewRows += copies.Concat(rewritten).Sum(file => file.Rows);
        foreach (var lost in old.Where(file => !day.IsReadable(file) && !IsInArchive(file)))
        {
            result.AddLost(
                $"{folder}/{lost.Name} could not be read. Of its {lost.Rows} ticks, those still in this archive are restored. "
                + "Imported ticks, and ticks of an earlier archive or of records that the archive dropped, are lost: import them again.");
        }

        Replaced.AddRange(old.Select(file => $"{folder}/{file.Name}"));
    }

    private async Task<Dictionary<int, long>> FindStartsAsync(LakeDay day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var since = await archive.OffsetsSinceAsync(day.StartMs - ClockMarginMs, cancellationToken);
        return bounds.Partitions.Keys.ToDictionary(
            partition => partition,
            partition => bounds.StartOf(partition, [manifest], since.TryGetValue(partition, out var first) ? first : null));
    }

    /// <summary>Copies the ticks to keep from the old files.</summary>
    /// <returns>The files that are kept unchanged, and the copies.</returns>
    private async Task<(HashSet<LakeFile> Unchanged, List<LakeFile> Copies)> CopyAsync(
        DayRepair day, Dictionary<int, long> starts, Dictionary<int, long> ends, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (unchanged, copies) = (new HashSet<LakeFile>(), new List<LakeFile>());
            var isWidened = false;
            foreach (var file in day.Files.Where(day.IsReadable).ToList())
            {
                try
                {
                    var copy = await CopyAsync(day, file, starts, ends, cancellationToken);
                    if (copy == file)
                    {
                        unchanged.Add(file);
                    }
                    else if (copy is not null)
                    {
                        copies.Add(copy);
                    }
                }
                catch (LakeException damaged) when (damaged is not LakeConflictException)
                {
                    day.SetUnreadable(file);
                    isWidened = true;
                    break;
                }
            }

            if (!isWidened)
            {
                return (unchanged, copies);
            }

            foreach (var copy in copies)
            {
                await store.DeleteAsync($"{day.Entry.Day}/{copy.Name}", cancellationToken);
            }
        }
    }

    /// <returns>The copy; the file itself if all its ticks are kept; null if none is kept.</returns>
    private async Task<LakeFile?> CopyAsync(
        DayRepair day, LakeFile file, Dictionary<int, long> starts, Dictionary<int, long> ends, CancellationToken cancellationToken)
    {
        // If rows may be from an earlier archive, or all rows were imported, keep them all; merging removes the repeats.
        var hours = bounds.IsFromArchive(file) ? day.Hours.Select(hour => (day.Entry.Day.StartMs / MsPerHour) + hour).ToHashSet() : [];
        var part = PartName.Create(file.FirstHour, time.GetUtcNow());
        var name = $"{day.Entry.Day}/{part}";
        try
        {
            var input = await store.FetchAsync($"{day.Entry.Day}/{file.Name}", file.Bytes, cancellationToken);
            var figures = files.Copy(
                input, (file.Rows, file.Sum), new DroppedTicks(hours, starts, ends),
                store.BeginFile(name), FileMetadata.Of(file.Ranges), cancellationToken);
            if (figures is not { } kept)
            {
                return null;
            }

            if (kept.Rows == file.Rows)
            {
                return file;
            }

            return file with
            {
                Name = part,
                Rows = kept.Rows,
                Bytes = await store.PutFileAsync(name, cancellationToken),
                FirstMs = kept.FirstMs,
                LastMs = kept.LastMs,
                IdentitySum = kept.IdentitySum.ToString("x16", CultureInfo.InvariantCulture),
                AddedMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
        }
        finally
        {
            store.AbandonFile(name);
        }
    }

    /// <summary>Writes the hours from the archive, in rounds, as LakeTicks does.</summary>
    private async Task<List<LakeFile>> RewriteAsync(
        DayRepair day, Dictionary<int, long> starts, Dictionary<int, long> ends, Action<double> progress,
        CancellationToken cancellationToken)
    {
        var rewritten = new List<LakeFile>();
        var hours = day.Hours
            .Select(hour => new HourKey(day.Entry.Day.Kind, day.Entry.Day.Market, (day.Entry.Day.StartMs / MsPerHour) + hour)).ToHashSet();
        var ranges = ends.Where(end => starts[end.Key] < end.Value)
            .Select(end => new OffsetRange(end.Key, starts[end.Key], end.Value)).ToList();
        var totalRecords = ranges.Sum(range => range.To - range.From);
        await foreach (var (round, next) in archive.ReadAsync(bounds.Stream, ranges, options, hours, cancellationToken))
        {
            foreach (var hour in round.Hours)
            {
                if (await session.Writer.WriteAsync(round, hour, new DayManifest(), cancellationToken) is { } file)
                {
                    rewritten.Add(file);
                }
            }

            progress(1 - ((double)ranges.Sum(range => range.To - next[range.Partition]) / totalRecords));
        }

        return rewritten;
    }

    /// <summary>Whether the archive still has the records of every tick of a file.</summary>
    private bool IsInArchive(LakeFile file) => file.Ranges.Count == 1
        && file.Ranges.TryGetValue(bounds.Stream, out var ranges)
        && ranges.All(range => bounds.Partitions.TryGetValue((int)range[0], out var partition) && range[1] >= partition.Low);
}
