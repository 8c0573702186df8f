using System.Globalization;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The file names in a partition's folder: each segment and its index are named after its first offset.</summary>
internal static class SegmentFiles
{
    /// <summary>Suffix of a file that is being written and is ignored until it is renamed.</summary>
    public const string UnfinishedSuffix = ".next";

    private const string BatchesSuffix = ".batches";
    private const string IndexSuffix = ".index";

    public static string PathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + BatchesSuffix);

    public static string IndexPathOf(string folder, long baseOffset) => Path.Combine(folder, Name(baseOffset) + IndexSuffix);

    /// <summary>The base offsets of the segments in a folder, ascending.</summary>
    public static IReadOnlyList<long> All(string folder) => Directory.Exists(folder) ? List(folder, BatchesSuffix) : [];

    /// <summary>At startup: deletes files that belong to no segment.</summary>
    public static void DeleteAllExcept(Disk disk, string folder, IReadOnlyCollection<long> keptOffsets)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        DeleteUnfinished(disk, folder);
        foreach (var index in List(folder, IndexSuffix).Except(keptOffsets))
        {
            disk.Delete(IndexPathOf(folder, index));
        }

        foreach (var batches in List(folder, BatchesSuffix).Except(keptOffsets))
        {
            disk.Delete(PathOf(folder, batches));
        }
    }

    /// <summary>Deletes incomplete files after a failed write or a crash.</summary>
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

    /// <summary>Flushes a partition's folder and its parents, so that a power cut cannot lose the name of a durable segment.</summary>
    public static void FlushNames(Disk disk, string folder)
    {
        var topicFolder = Path.GetDirectoryName(folder)!;
        disk.FlushFolder(folder);
        disk.FlushFolder(topicFolder);
        disk.FlushFolder(Path.GetDirectoryName(topicFolder)!);
    }

    private static List<long> List(string folder, string suffix) =>
        [.. Directory.EnumerateFiles(folder, "*" + suffix)
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture))
            .Order()];

    private static string Name(long baseOffset) => baseOffset.ToString("D20", CultureInfo.InvariantCulture);
}
