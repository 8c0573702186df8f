using CloudTicks.EventStream.Records;
using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Retaining;

/// <summary>
/// Determines which records of the archive are certainly in the lake: those that a comparison has proved, except records of days that have
/// changed since. If the lake has any problem, no record counts as proved.
/// </summary>
internal static class ProvedRecords
{
    /// <summary>
    /// Returns, by partition, the offset before which every record is proved; partitions without proved records are omitted.
    /// </summary>
    /// <param name="catalog">The current state of the lake.</param>
    /// <param name="watermarks">The start and end offsets of each partition.</param>
    public static Dictionary<int, long> FindEnds(
        LakeCatalog catalog, LakeProof proof, string stream, IEnumerable<PartitionWatermarks> watermarks)
    {
        var provedEnds = new Dictionary<int, long>();
        if (catalog.Problems.Count > 0 || catalog.Days.Values.Any(day => day.IsOutdated) || HasLostDay(catalog, proof))
        {
            return provedEnds;
        }

        var changed = catalog.Days.Values.Where(day => proof.Days.GetValueOrDefault(day.Day.Folder) != day.Version)
            .SelectMany(day => day.Manifest.Files).SelectMany(file => file.Ranges.GetValueOrDefault(stream, []))
            .ToLookup(range => range[0]);
        foreach (var partition in watermarks)
        {
            var proved = proof.ProvedTo(stream, partition.Partition, partition.Low);
            var end = changed[partition.Partition].Aggregate(proved, (limit, range) => Math.Min(limit, range[1]));
            if (end > partition.Low)
            {
                provedEnds[partition.Partition] = end;
            }
        }

        return provedEnds;
    }

    /// <summary>Whether a proved day no longer has a manifest.</summary>
    private static bool HasLostDay(LakeCatalog catalog, LakeProof proof)
    {
        var folders = catalog.Days.Keys.Select(day => day.Folder).ToHashSet(StringComparer.Ordinal);
        return proof.Days.Keys.Any(folder => !folders.Contains(folder));
    }
}
