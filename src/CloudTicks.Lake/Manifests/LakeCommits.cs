using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Manifests;

/// <summary>
/// Writes the next versions of manifests and positions. A name can be written only once, so one of two competing writers gets a conflict.
/// </summary>
internal sealed class LakeCommits(ILakeStore store, LakeCatalog catalog)
{
    /// <summary>Makes a manifest the day's current one.</summary>
    /// <exception cref="LakeConflictException">Another writer was first.</exception>
    public async Task PutAsync(LakeDay day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var before = catalog.Of(day);
        var version = before.Highest + 1;
        var name = $"{day}/{VersionedName.Of(VersionedName.Manifest, version)}";
        if (!await store.TryPutAsync(name, ChecksummedJson.Write(manifest), cancellationToken)
            || await HasLaterAsync(day, version, cancellationToken))
        {
            throw new LakeConflictException(name);
        }

        catalog.Set(new DayEntry(day, version, version, manifest)
        {
            Damaged = before.Damaged.Where(file => manifest.Files.Any(kept => kept.Name == file)).ToHashSet(StringComparer.Ordinal),
        });
        if (!before.IsOutdated && before.Version > 1)
        {
            await store.DeleteAsync($"{day}/{VersionedName.Of(VersionedName.Manifest, before.Version - 1)}", cancellationToken);
        }
    }

    /// <summary>
    /// Whether a later version exists. Old versions are deleted, so a writer that was paused for a long time may write a number that was
    /// used before; its version then has no effect.
    /// </summary>
    private async Task<bool> HasLaterAsync(LakeDay day, long version, CancellationToken cancellationToken)
    {
        foreach (var found in await store.ListAsync($"{day}/{VersionedName.Manifest}", cancellationToken))
        {
            if (VersionedName.TryParse(VersionedName.Manifest, found.Name[(day.Folder.Length + 1)..], out var other) && other > version)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the next version of the positions; in a round, after all days are written.</summary>
    /// <exception cref="LakeConflictException">Another writer was first.</exception>
    public async Task PutAsync(LakePositions positions, CancellationToken cancellationToken)
    {
        var version = catalog.PositionsVersion + 1;
        var name = VersionedName.Of(VersionedName.Positions, version);
        if (!await store.TryPutAsync(name, ChecksummedJson.Write(positions), cancellationToken))
        {
            throw new LakeConflictException(name);
        }

        catalog.SetPositions(version, positions);
        await store.DeleteAsync(VersionedName.Of(VersionedName.Positions, version - 2), cancellationToken);
    }

    /// <summary>
    /// Replaces each damaged manifest with the last good one, under a new version. The positions are moved back first, so that the records
    /// after the last good manifests are read again. After a crash between the two steps, the next start repeats both.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var outdated = catalog.Days.Values.Where(entry => entry.IsOutdated).ToList();
        if (outdated.Count == 0)
        {
            return;
        }

        var next = catalog.Positions.Next.ToDictionary(
            stream => stream.Key,
            stream => stream.Value.Select(entry => new[]
            {
                entry[0], Math.Min(entry[1], outdated.Min(day => day.Manifest.CoveredTo(stream.Key, (int)entry[0]))),
            }).ToArray());
        await PutAsync(catalog.Positions with { Next = next, CompleteToMs = 0 }, cancellationToken);
        foreach (var entry in outdated)
        {
            await PutAsync(entry.Day, entry.Manifest, cancellationToken);
        }
    }
}
