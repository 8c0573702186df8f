namespace CloudTicks.Cli.Lakes;

/// <summary>The disk usage of the local event hub's records, mostly the archive's. Other event hubs do not report it.</summary>
internal static class ArchiveFolder
{
    private const string EventHubFolder = "eventhubs";

    private static readonly string[] RecordFilePatterns = ["*.log", "*.batches"];

    /// <param name="feedFolder">The data folder of the feed; null for none.</param>
    /// <returns>Bytes; null when unknown.</returns>
    public static long? MeasureBytes(string? feedFolder)
    {
        var folder = new DirectoryInfo(Path.Combine(feedFolder ?? "", EventHubFolder));
        return feedFolder is null || !folder.Exists ? null
            : RecordFilePatterns.Sum(kind => folder.EnumerateFiles(kind, SearchOption.AllDirectories).Sum(file => file.Length));
    }
}
