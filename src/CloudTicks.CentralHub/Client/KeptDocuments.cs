using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Client;

/// <summary>The last good documents that processes keep on disk, for a reader who has no hub.</summary>
public static class KeptDocuments
{
    /// <summary>The folder of processes for which none is set.</summary>
    public static string DefaultFolder => DocumentFile.DefaultFolder(CentralHubExtensions.FolderName);

    /// <summary>The newest document of each service in some folders, by the service's name; a damaged one is left out.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Newest(params IEnumerable<string> folders)
    {
        var documents = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var files = folders.Where(Directory.Exists).SelectMany(DocumentFile.In).OrderByDescending(File.GetLastWriteTimeUtc);
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
                // An older one may do; the process whose document it is reports the damage.
            }
        }

        return documents;
    }
}
