using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The names of the files in a partition's folder: each segment by its first offset, its index beside it.</summary>
internal static class SegmentFiles
{
    /// <summary>Behind the name of a file that is being written: not there yet.</summary>
    public const string UnfinishedSuffix = ".next";

    private const string BatchesSuffix = ".batches";
    private const string IndexSuffix = ".index";

    public static string PathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + BatchesSuffix);

    public static string IndexPathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + IndexSuffix);

    /// <summary>The base offsets of the segments in a folder, ascending.</summary>
    public static IReadOnlyList<long> All(string folder) => Directory.Exists(folder) ? List(folder, BatchesSuffix) : [];

    /// <summary>At start: deletes the files that belong to no segment any more.</summary>
    public static void KeepOnly(Disk disk, string folder, IReadOnlyCollection<long> kept)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        DeleteUnfinished(disk, folder);
        foreach (var index in List(folder, IndexSuffix).Except(kept))
        {
            disk.Delete(IndexPathOf(folder, index));
        }

        foreach (var batches in List(folder, BatchesSuffix).Except(kept))
        {
            disk.Delete(PathOf(folder, batches));
        }
    }

    /// <summary>Deletes what was being written when a write failed, or the hub ended.</summary>
    public static void DeleteUnfinished(Disk disk, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var unfinished in Directory.EnumerateFiles(folder, "*" + UnfinishedSuffix).ToList())
        {
            disk.Delete(unfinished);
        }
    }

    /// <summary>Flushes a partition's folder and those above: a segment that is durable in a folder that is not would be lost.</summary>
    public static void FlushNames(Disk disk, string folder)
    {
        var topic = Path.GetDirectoryName(folder)!;
        disk.FlushFolder(folder);
        disk.FlushFolder(topic);
        disk.FlushFolder(Path.GetDirectoryName(topic)!);
    }

    private static List<long> List(string folder, string suffix) =>
        [.. Directory.EnumerateFiles(folder, "*" + suffix)
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture))
            .Order()];

    private static string Name(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture);
}
