using System.Buffers.Binary;
using System.Globalization;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The files of the write-ahead log, each named by the position of its first record. A file begins with 32 bytes, little endian:
/// <c>CTHUBLOG</c>, format version u32, CRC-32C of the start u32, start i64, eight zero bytes.
/// </summary>
internal sealed class WalFiles(Disk disk, string folder)
{
    public const int HeaderBytes = 32;

    private const string Suffix = ".log";
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _starts = [];

    private static ReadOnlySpan<byte> Magic => "CTHUBLOG"u8;

    /// <summary>The files' first positions, ascending.</summary>
    public IReadOnlyList<long> Starts
    {
        get
        {
            lock (_gate)
            {
                return [.. _starts];
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _starts.Sum(start => new FileInfo(PathOf(start)).Length);
            }
        }
    }

    public string PathOf(long start) => Path.Combine(folder, start.ToString("D20", CultureInfo.InvariantCulture) + Suffix);

    public void Load()
    {
        lock (_gate)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*" + Suffix))
            {
                _starts.Add(long.Parse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Makes a file whose name and header are durable.</summary>
    public DiskFile Create(long start)
    {
        var file = disk.Open(PathOf(start));
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
            disk.Delete(PathOf(start));
            throw;
        }

        lock (_gate)
        {
            _starts.Add(start);
        }

        return file;
    }

    /// <summary>At start: makes what the newest file has durable.</summary>
    public void FlushLast()
    {
        if (Starts is [.., var last])
        {
            using var file = Open(last);
            file.Flush();
        }
    }

    public DiskFile Open(long start) => disk.Open(PathOf(start));

    /// <summary>True when the header is one of this log and this start.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> header, long start) =>
        header.Length >= HeaderBytes && header.StartsWith(Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(header[8..]) == DataFolder.FormatVersion
        && BinaryPrimitives.ReadInt64LittleEndian(header[16..]) == start
        && BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) == Crc32C.Of(header.Slice(16, 8));

    /// <summary>At start: keeps damaged files that a checkpoint covers in another folder, and begins a new log.</summary>
    public void SetAside(string to, long position)
    {
        disk.CreateFolder(to);
        var aside = Starts.Where(start => start != position).ToList();
        foreach (var start in aside)
        {
            disk.Replace(Path.Combine(to, Path.GetFileName(PathOf(start))), File.ReadAllBytes(PathOf(start)));
        }

        Create(position).Dispose();
        lock (_gate)
        {
            foreach (var start in aside)
            {
                disk.Delete(PathOf(start));
                _starts.Remove(start);
            }
        }
    }

    public void DeleteBefore(long position)
    {
        lock (_gate)
        {
            while (_starts.Count > 1 && _starts.ElementAt(1) <= position)
            {
                disk.Delete(PathOf(_starts.Min));
                _starts.Remove(_starts.Min);
            }
        }
    }
}
