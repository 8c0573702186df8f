namespace CloudTicks.Replay.Capture;

/// <summary>
/// The Avro files of a folder and of those in it, in the order of their names, which is that of their time as Capture names them.
/// </summary>
internal static class CaptureFolder
{
    private const string Extension = ".avro";
    private const int MaxDepth = 64;

    /// <summary>One folder after the other: years of files are never in memory together.</summary>
    /// <param name="path">The folder, or one file.</param>
    public static IEnumerable<string> Files(string path) => File.Exists(path) ? [path] : Walk(path, 0);

    private static IEnumerable<string> Walk(string folder, int depth)
    {
        if (depth > MaxDepth)
        {
            yield break; // a link that leads back
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            if (Directory.Exists(entry))
            {
                foreach (var file in Walk(entry, depth + 1))
                {
                    yield return file;
                }
            }
            else if (entry.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
            {
                yield return entry;
            }
        }
    }
}
