using CloudTicks.EventStream.Records;
using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Retaining;

/// <summary>
/// Which records of the archive are in the lake for certain: those that a comparison has proved, less those that a day which changed since
/// was made of. Where the lake has any problem, it is none.
/// </summary>
internal static class ProvedRecords
{
    /// <summary>By partition, the offset before which every record is proved; without the partitions of which none is.</summary>
    /// <param name="catalog">The lake as it is now.</param>
    /// <param name="archive">Where the partitions begin.</param>
    public static Dictionary<int, long> Before(
        LakeCatalog catalog, LakeProof proof, string stream, IEnumerable<PartitionWatermarks> archive)
    {
        var before = new Dictionary<int, long>();
        if (catalog.Problems.Count > 0 || catalog.Days.Values.Any(day => day.IsOutdated) || HasLostDay(catalog, proof))
        {
            return before;
        }

        var changed = catalog.Days.Values.Where(day => proof.Days.GetValueOrDefault(day.Day.Folder) != day.Version)
            .SelectMany(day => day.Manifest.Files).SelectMany(file => file.Ranges.GetValueOrDefault(stream, []))
            .ToLookup(range => range[0]);
        foreach (var partition in archive)
        {
            var proved = proof.ProvedTo(stream, partition.Partition, partition.Low);
            var end = changed[partition.Partition].Aggregate(proved, (limit, range) => Math.Min(limit, range[1]));
            if (end > partition.Low)
            {
                before[partition.Partition] = end;
            }
        }

        return before;
    }

    /// <summary>Whether a day that was proved has no manifest any more.</summary>
    private static bool HasLostDay(LakeCatalog catalog, LakeProof proof)
    {
        var folders = catalog.Days.Keys.Select(day => day.Folder).ToHashSet(StringComparer.Ordinal);
        return proof.Days.Keys.Any(folder => !folders.Contains(folder));
    }
}
