namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Copies of a data folder: what a kill at this moment would leave.</summary>
internal static class DataCopy
{
    public static string Take(string folder, string to)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetFileName(file) == "lock")
            {
                continue;
            }

            // Not File.Copy: the hub holds the files open.
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var into = File.Create(target);
            from.CopyTo(into);
        }

        return to;
    }

    /// <summary>The newest file of the write-ahead log.</summary>
    public static string LogFile(string folder) => Directory.GetFiles(Path.Combine(folder, "log")).Order(StringComparer.Ordinal).Last();

    public static string SegmentFile(string folder) =>
        Directory.GetFiles(Path.Combine(folder, "topics"), "*.batches", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();

    /// <summary>Takes away the second copies of what is in the log: a hub that died before it had filled its segments.</summary>
    public static void KeepOnlyLog(string folder)
    {
        File.Delete(Path.Combine(folder, "acknowledged"));
        foreach (var segment in Directory.GetFiles(folder, "*.batches", SearchOption.AllDirectories))
        {
            File.Delete(segment);
        }
    }

    /// <summary>Takes away what the log still has of records that the last checkpoint has too.</summary>
    public static void EmptyLog(string folder)
    {
        using var log = File.OpenWrite(LogFile(folder));
        log.SetLength(32);
    }

    /// <summary>Flips one bit of a byte.</summary>
    public static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }
}
