using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The names of the files in a partition's folder: each segment by its first offset, its index beside it.</summary>
internal static class SegmentFiles
{
    private const string BatchesSuffix = ".batches";
    private const string IndexSuffix = ".index";

    public static string PathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + BatchesSuffix);

    public static string IndexPathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + IndexSuffix);

    /// <summary>At start: deletes the files that belong to no segment any more.</summary>
    /// <param name="disk">Deletes them.</param>
    /// <param name="folder">The partition's folder.</param>
    /// <param name="lastSegment">Base offset of the newest segment that the last checkpoint knows; later ones are made again from the log.</param>
    /// <param name="logStart">Where the log begins: a segment wholly before it is one that a kill kept from being deleted.</param>
    /// <returns>The base offsets of the segments that stay, ascending.</returns>
    public static List<long> Keep(Disk disk, string folder, long lastSegment, long logStart)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var all = List(folder, BatchesSuffix);
        var kept = all.Where((offset, i) => offset <= lastSegment && (i + 1 == all.Count || all[i + 1] > logStart)).ToList();
        foreach (var index in List(folder, IndexSuffix).Except(kept))
        {
            disk.Delete(IndexPathOf(folder, index));
        }

        foreach (var batches in all.Except(kept))
        {
            disk.Delete(PathOf(folder, batches));
        }

        return kept;
    }

    private static List<long> List(string folder, string suffix) =>
        [.. Directory.EnumerateFiles(folder, "*" + suffix)
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture))
            .Order()];

    private static string Name(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture);
}
