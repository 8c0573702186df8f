using System.Buffers.Binary;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Copies a data folder as a kill would leave it, and finds or damages the log's files.</summary>
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

            // File.Copy cannot be used, because the event hub has the files open.
            try
            {
                using var original = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = File.Create(target);
                original.CopyTo(copy);
            }
            catch (FileNotFoundException)
            {
                // An index was renamed, or a file deleted, concurrently.
            }
        }

        return to;
    }

    /// <summary>The newest file of the write-ahead log.</summary>
    public static string LogFile(string folder) => LogFiles(folder)[^1];

    /// <summary>The files of the log, oldest first.</summary>
    public static IReadOnlyList<string> LogFiles(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "log"), "*.log").Order(StringComparer.Ordinal)];

    /// <summary>The total size of the log's files in bytes; <see cref="long.MaxValue"/> if a file is deleted concurrently.</summary>
    public static long LogBytes(string folder)
    {
        try
        {
            return LogFiles(folder).Sum(file => new FileInfo(file).Length);
        }
        catch (FileNotFoundException)
        {
            return long.MaxValue; // a file was deleted concurrently
        }
    }

    /// <summary>The positions at which the batches of a log file begin.</summary>
    public static IReadOnlyList<int> Batches(string logFile)
    {
        using var stream = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var found = new List<int>();
        for (var at = WalFiles.HeaderBytes; at < bytes.Length;)
        {
            var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 24)) == (ushort)RecordKind.Batch)
            {
                found.Add(at + WalRecord.HeaderBytes + BatchAddress.Bytes);
            }

            at += WalRecord.HeaderBytes + payload;
        }

        return found;
    }

    /// <summary>Flips a bit of a batch in the newest log file that contains batches.</summary>
    public static void FlipBatch(string folder, int batch, int at)
    {
        var file = LogFiles(folder).Last(f => Batches(f).Count > 0);
        Flip(file, Batches(file)[batch] + at);
    }

    /// <summary>Deletes the file of acknowledged ends, as a power cut may.</summary>
    public static void DeleteAcknowledged(string folder) => File.Delete(Path.Combine(folder, "acknowledged"));

    /// <summary>Flips one bit of a byte.</summary>
    public static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }
}
