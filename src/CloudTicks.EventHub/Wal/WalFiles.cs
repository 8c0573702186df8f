using System.Buffers.Binary;
using System.Globalization;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The files of the log, each named after the position of its first record. A file begins with 32 bytes, little endian: <c>CTHUBLOG</c>,
/// format version u32, CRC-32C of the start u32, start i64, eight zero bytes.
/// </summary>
internal sealed class WalFiles(Disk disk, string folder, TailMemory memory)
{
    public const int HeaderBytes = 32;

    private const string Suffix = ".log";
    private readonly Lock _gate = new();
    private readonly SortedList<long, LogFile> _files = [];
    private long _checkpointed;

    private static ReadOnlySpan<byte> Magic => "CTHUBLOG"u8;

    /// <summary>All files of the log, oldest first.</summary>
    public IReadOnlyList<LogFile> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Values];
            }
        }
    }

    public void Load()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Suffix))
        {
            Add(long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture));
        }

        foreach (var index in Directory.EnumerateFiles(folder, "*" + LogFileIndex.Suffix + "*").ToList())
        {
            if (!File.Exists(Path.ChangeExtension(index, Suffix)))
            {
                disk.Delete(index); // a crash interrupted the deletion, or the rename
            }
        }
    }

    public (long End, List<LogRangeSummary> Ranges)? ReadIndex(LogFile file) => LogFileIndex.Read(disk, file.IndexPath, file.Start);

    public void WriteIndex(LogFile file) => LogFileIndex.Write(disk, file);

    /// <summary>Creates a file with a durable name and header.</summary>
    public LogFile Create(long start)
    {
        var path = PathOf(start);
        disk.Delete(Path.ChangeExtension(path, LogFileIndex.Suffix)); // left by an empty file with the same start
        var file = disk.Open(path);
        try
        {
            var header = new byte[HeaderBytes];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), DataFolder.FormatVersion);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), start);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Crc32C.Of(header.AsSpan(16, 8)));
            file.Truncate(0);
            file.Write(0, header);
            file.Flush();
            disk.FlushFolder(folder);
        }
        catch
        {
            file.Dispose();
            disk.Delete(path);
            throw;
        }

        var addedFile = Add(start);
        addedFile.Writer = file;
        return addedFile;
    }

    /// <summary>At startup: removes an unfinished write from the end of the last file, and opens the file for further writes.</summary>
    public LogFile ContinueLast(long end)
    {
        var last = All[^1];
        if (File.Exists(last.IndexPath))
        {
            disk.Delete(last.IndexPath);
            disk.FlushFolder(folder);
        }

        var writer = disk.Open(last.Path);
        if (writer.Length != end - last.Start + HeaderBytes)
        {
            writer.Truncate(end - last.Start + HeaderBytes);
        }

        writer.Flush();
        last.Writer = writer;
        return last;
    }

    /// <summary>At startup: flushes the newest file.</summary>
    public void FlushLast()
    {
        if (All is [.., var last])
        {
            using var file = disk.Open(last.Path);
            file.Flush();
        }
    }

    /// <summary>True when the header belongs to this log and this start.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> header, long start) =>
        header.Length >= HeaderBytes && header.StartsWith(Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == DataFolder.FormatVersion
        && BinaryPrimitives.ReadInt64LittleEndian(header[16..]) == start
        && BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) == Crc32C.Of(header.Slice(16, 8));

    /// <summary>
    /// Called when a checkpoint contains everything before a position except batches: deletes the files without used batches.
    /// </summary>
    public void Checkpointed(long position)
    {
        Volatile.Write(ref _checkpointed, position);
        DeleteUnused();
    }

    /// <summary>True when a file could be deleted after another checkpoint.</summary>
    public bool NeedsCheckpoint => All.Any(file => file.End > Volatile.Read(ref _checkpointed) && file.Ranges.Count == 0);

    /// <summary>Deletes the files that are no longer used.</summary>
    public void DeleteUnused()
    {
        lock (_gate)
        {
            // The last file is kept, because it determines the position of the log.
            foreach (var file in _files.Values.SkipLast(1)
                .Where(f => f.End <= Volatile.Read(ref _checkpointed) && f.Ranges.Count == 0).ToList())
            {
                file.Delete();
                _files.Remove(file.Start);
            }
        }
    }

    private string PathOf(long start) => Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + Suffix);

    private LogFile Add(long start)
    {
        var file = new LogFile(disk, PathOf(start), start, memory) { Released = DeleteUnused };
        lock (_gate)
        {
            _files[start] = file;
        }

        return file;
    }
}
