using CloudTicks.CentralHub.Lists;

namespace CloudTicks.Collection.Symbols;

/// <summary>Detects changed symbol files by time and length, because some editors and mounts raise no file system events.</summary>
internal static class FilesFingerprint
{
    /// <summary>A string that changes with the time or the length of any of the files.</summary>
    public static string Of(CollectorOptions options)
    {
        var files = (options.SymbolFiles ?? []).Select(path => new FileInfo(Path.GetFullPath(path)));
        if (options.Lists is { Count: > 0 } || options.Rollouts is { Plan.Rollouts.Count: > 0 })
        {
            files = files.Concat(new[] { NamedLists.BuiltIn, options.ListFolder }
                .Where(folder => !string.IsNullOrWhiteSpace(folder) && Directory.Exists(folder))
                .SelectMany(folder => new DirectoryInfo(folder!).EnumerateFiles("*.yaml")
                    .OrderBy(file => file.Name, StringComparer.Ordinal)));
        }

        return string.Join(
            '\n', files.Select(file => file.Exists ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : file.FullName));
    }
}
