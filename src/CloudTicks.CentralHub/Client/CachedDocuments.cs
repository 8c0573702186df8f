using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>Finds the last good documents that processes stored on disk, for callers that cannot reach the hub.</summary>
public static class CachedDocuments
{
    /// <summary>The default folder.</summary>
    public static string DefaultFolder => DocumentFile.DefaultFolder(CentralHubExtensions.FolderName);

    /// <summary>Returns the newest document of each service in the folders, by service. Damaged files are skipped.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Newest(params IEnumerable<string> folders)
    {
        var documents = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var files = folders.Where(Directory.Exists).SelectMany(DocumentFile.FilesIn).OrderByDescending(File.GetLastWriteTimeUtc);
        foreach (var path in files)
        {
            try
            {
                if (DocumentFile.ServiceOf(path) is { } service && !documents.ContainsKey(service)
                    && DocumentFile.Read(path) is { } kept)
                {
                    documents.Add(service, kept.Content());
                }
            }
            catch (IOException)
            {
                // Use an older document. The process that owns the file reports the damage.
            }
        }

        return documents;
    }
}
