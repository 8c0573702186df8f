namespace CloudTicks.Cli.Lakes;

/// <summary>What the local event hub's records take on disk, nearly all of them the archive's. Other event hubs do not report it.</summary>
internal static class ArchiveFolder
{
    private const string EventHub = "eventhubs";

    private static readonly string[] Records = ["*.log", "*.batches"];

    /// <param name="feedFolder">The data folder of the feed; null for none.</param>
    /// <returns>Bytes; null where they are not known.</returns>
    public static long? Bytes(string? feedFolder)
    {
        var folder = new DirectoryInfo(Path.Combine(feedFolder ?? "", EventHub));
        return feedFolder is null || !folder.Exists ? null
            : Records.Sum(kind => folder.EnumerateFiles(kind, SearchOption.AllDirectories).Sum(file => file.Length));
    }
}
