using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Writing;

/// <summary>
/// Writes a round: the files of a day, then its manifest, and behind the last day the positions. A crash before a manifest leaves files
/// that do not count; one before the positions makes the round come again, and the days that have it already take nothing of it.
/// </summary>
internal sealed class RoundWriter(ILakeStore store, LakeCatalog catalog, LakeCommits commits, ITickFiles files, TimeProvider time)
{
    /// <summary>Writes a round.</summary>
    /// <param name="next">The positions behind it.</param>
    /// <returns>Ticks that are new.</returns>
    /// <exception cref="LakeConflictException">Another writer was first; what was written so far may count.</exception>
    /// <exception cref="IOException">The store refuses, such as a full disk.</exception>
    public async Task<long> WriteAsync(LakeRound round, IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var day in round.Hours.GroupBy(hour => hour.Day))
        {
            var manifest = catalog.Of(day.Key).Manifest;
            var added = new List<LakeFile>();
            foreach (var hour in day)
            {
                if (await WriteAsync(round, hour, manifest, cancellationToken) is { } file)
                {
                    added.Add(file);
                    rows += file.Rows;
                }
            }

            if (added.Count > 0)
            {
                await commits.PutAsync(day.Key, manifest.With(added, round.Stream, round.Ranges), cancellationToken);
            }
        }

        await commits.PutAsync(
            catalog.Positions.With(round.Stream, next) with
            {
                ArchiveBytes = catalog.Positions.ArchiveBytes + round.Bytes,
                ArchiveTicks = catalog.Positions.ArchiveTicks + round.Ticks,
            },
            cancellationToken);
        return rows;
    }

    /// <summary>Moves positions without writing anything.</summary>
    public Task PassOverAsync(string stream, IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken) =>
        commits.PutAsync(catalog.Positions.With(stream, next), cancellationToken);

    /// <summary>Notes up to when the lake is complete, for its readers.</summary>
    /// <param name="ms">Every record that was archived before is written, Unix ms.</param>
    public Task CompleteAsync(long ms, CancellationToken cancellationToken) =>
        commits.PutAsync(catalog.Positions with { CompleteToMs = ms }, cancellationToken);

    /// <summary>Writes the file of an hour, which counts when a manifest names it.</summary>
    /// <returns>Null where its day has every tick already.</returns>
    public async Task<LakeFile?> WriteAsync(
        LakeRound round, HourKey hour, DayManifest manifest, CancellationToken cancellationToken)
    {
        var ranges = new Dictionary<string, long[][]>
        {
            [round.Stream] =
            [
                .. round.Ranges.Select(range => range with
                {
                    From = Math.Max(range.From, manifest.CoveredTo(round.Stream, range.Partition)),
                }).Where(range => range.From < range.To).Select(range => new[] { range.Partition, range.From, range.To }),
            ],
        };
        if (ranges[round.Stream].Length == 0)
        {
            return null;
        }

        var part = PartName.Create(hour.HourOfDay, time.GetUtcNow());
        var name = $"{hour.Day}/{part}";
        try
        {
            TickFileFigures figures;
            using (var file = files.Create(store.BeginFile(name), FileMetadata.Of(ranges)))
            {
                if (round.Visit(hour, manifest, file.Add) == 0)
                {
                    return null;
                }

                figures = file.Complete(cancellationToken);
            }

            var bytes = await store.PutFileAsync(name, cancellationToken);
            return new LakeFile
            {
                Name = part,
                FirstHour = hour.HourOfDay,
                LastHour = hour.HourOfDay,
                Rows = figures.Rows,
                Bytes = bytes,
                FirstMs = figures.FirstMs,
                LastMs = figures.LastMs,
                IdentitySum = figures.IdentitySum.ToString("x16", CultureInfo.InvariantCulture),
                AddedMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Ranges = ranges,
            };
        }
        finally
        {
            store.AbandonFile(name);
        }
    }
}
