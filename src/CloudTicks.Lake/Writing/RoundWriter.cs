using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Writing;

/// <summary>
/// Writes a round: each day's files and then its manifest, and after the last day the positions. A crash before a manifest is written
/// leaves only files that no manifest names. After a crash before the positions are written, the round is repeated, except for the days
/// whose manifests already cover its records.
/// </summary>
internal sealed class RoundWriter(ILakeStore store, LakeCatalog catalog, LakeCommits commits, ITickFiles files, TimeProvider time)
{
    /// <summary>Writes a round.</summary>
    /// <param name="next">The positions after the round.</param>
    /// <returns>The number of added ticks.</returns>
    /// <exception cref="LakeConflictException">Another writer was first; some days of the round may already be written.</exception>
    /// <exception cref="IOException">The store cannot be written, for instance because the disk is full.</exception>
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

    /// <summary>Advances the positions without writing ticks.</summary>
    public Task SkipAsync(string stream, IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken) =>
        commits.PutAsync(catalog.Positions.With(stream, next), cancellationToken);

    /// <summary>Stores the time up to which the lake is complete, for its readers.</summary>
    /// <param name="ms">Every record that was archived before this time is in the lake, Unix ms.</param>
    public Task CompleteAsync(long ms, CancellationToken cancellationToken) =>
        commits.PutAsync(catalog.Positions with { CompleteToMs = ms }, cancellationToken);

    /// <summary>Writes the file of an hour, which becomes current when a manifest names it.</summary>
    /// <returns>Null if the day already has all the ticks.</returns>
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
