using System.Buffers.Binary;
using System.Globalization;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The files of the log, in which batches live, each named by the position of its first record. A file begins with 32 bytes, little endian:
/// <c>CTHUBLOG</c>, format version u32, CRC-32C of the start u32, start i64, eight zero bytes.
/// </summary>
internal sealed class WalFiles(Disk disk, string folder, TailMemory memory)
{
    public const int HeaderBytes = 32;

    private const string Suffix = ".log";
    private readonly Lock _gate = new();
    private readonly SortedList<long, LogFile> _files = [];
    private long _checkpointed;

    private static ReadOnlySpan<byte> Magic => "CTHUBLOG"u8;

    /// <summary>Oldest first.</summary>
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
                disk.Delete(index); // a kill came between the two, or before it had its name
            }
        }
    }

    public (long End, List<LogRangeSummary> Stretches)? ReadIndex(LogFile file) => LogFileIndex.Read(disk, file.IndexPath, file.Start);

    public void WriteIndex(LogFile file) => LogFileIndex.Write(disk, file);

    /// <summary>Makes a file whose name and header are durable.</summary>
    public LogFile Create(long start)
    {
        var path = PathOf(start);
        disk.Delete(Path.ChangeExtension(path, LogFileIndex.Suffix)); // of a file of this start in which nothing was
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

        var made = Add(start);
        made.Writer = file;
        return made;
    }

    /// <summary>At start: cuts what an unfinished write left from the last file, which then takes more.</summary>
    public LogFile GoOn(long end)
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

    /// <summary>At start: makes what the newest file has durable.</summary>
    public void FlushLast()
    {
        if (All is [.., var last])
        {
            using var file = disk.Open(last.Path);
            file.Flush();
        }
    }

    /// <summary>True when the header is one of this log and this start.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> header, long start) =>
        header.Length >= HeaderBytes && header.StartsWith(Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == DataFolder.FormatVersion
        && BinaryPrimitives.ReadInt64LittleEndian(header[16..]) == start
        && BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) == Crc32C.Of(header.Slice(16, 8));

    /// <summary>A checkpoint has everything before a position but the batches: the files that none is wanted of go.</summary>
    public void Checkpointed(long position)
    {
        Volatile.Write(ref _checkpointed, position);
        DeleteUnwanted();
    }

    /// <summary>True when a file could go if there were a checkpoint behind it.</summary>
    public bool WaitForCheckpoint => All.Any(file => file.End > Volatile.Read(ref _checkpointed) && file.Stretches.Count == 0);

    /// <summary>Deletes the files that nothing is wanted of.</summary>
    public void DeleteUnwanted()
    {
        lock (_gate)
        {
            // The last one stays: the log begins somewhere.
            foreach (var file in _files.Values.SkipLast(1)
                .Where(f => f.End <= Volatile.Read(ref _checkpointed) && f.Stretches.Count == 0).ToList())
            {
                file.Delete();
                _files.Remove(file.Start);
            }
        }
    }

    private string PathOf(long start) => Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + Suffix);

    private LogFile Add(long start)
    {
        var file = new LogFile(disk, PathOf(start), start, memory) { Released = DeleteUnwanted };
        lock (_gate)
        {
            _files[start] = file;
        }

        return file;
    }
}
