namespace CloudTicks.Replay.Capture;

/// <summary>The Avro files below a folder in order of name, which for Capture is the order of time.</summary>
internal static class CaptureFolder
{
    private const string Extension = ".avro";
    private const int MaxDepth = 64;

    /// <summary>Lists the files, one folder at a time: only the names in the current folder and its parents are in memory.</summary>
    public static IEnumerable<string> Files(string path) => File.Exists(path) ? [path] : Walk(path, 0);

    private static IEnumerable<string> Walk(string folder, int depth)
    {
        if (depth > MaxDepth)
        {
            yield break; // a symbolic link may form a cycle
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
