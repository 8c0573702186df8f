using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The index of a complete log file: <c>CTHUBIDX</c>, version u32, number of ranges u32, start i64, end i64, CRC-32C of this and the
/// summaries u32, four zero bytes; a summary of 56 bytes for each range; the entries of all ranges. Little endian. Without an intact index,
/// the log file itself is read.
/// </summary>
internal static class LogFileIndex
{
    public const string Suffix = ".index";

    private const int Version = 1;
    private const int HeaderBytes = 40;
    private const int ChecksumAt = 32;
    private const int SummaryBytes = 56;

    private static ReadOnlySpan<byte> Magic => "CTHUBIDX"u8;

    /// <summary>Writes the index durably, and releases the entries in memory.</summary>
    public static void Write(Disk disk, LogFile file)
    {
        var stretches = file.Stretches.Where(s => s.Count > 0).ToList();
        var entries = stretches.ConvertAll(s => s.ToIndex());
        if (stretches.Zip(entries).Any(pair => pair.Second.Length == 0))
        {
            return; // the index exists
        }

        var at = (long)HeaderBytes + (stretches.Count * SummaryBytes);
        var content = new byte[at + entries.Sum(e => (long)e.Length)];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), stretches.Count);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(16), file.Start);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(24), file.End!.Value);
        var indexPositions = new List<long>();
        for (var i = 0; i < stretches.Count; i++)
        {
            Write(content.AsSpan(HeaderBytes + (i * SummaryBytes)), stretches[i], at);
            entries[i].CopyTo(content.AsSpan((int)at));
            indexPositions.Add(at);
            at += entries[i].Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(ChecksumAt), Checksum(content, stretches.Count));
        disk.Replace(file.IndexPath, content);
        file.IsIndexed = true;
        for (var i = 0; i < stretches.Count; i++)
        {
            stretches[i].IsIndexed(indexPositions[i]);
        }
    }

    /// <summary>At startup: reads the index of a file; null unless it is intact.</summary>
    public static (long End, List<LogRangeSummary> Stretches)? Read(Disk disk, string path, long start)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = disk.OpenToRead(path);
        var header = new byte[HeaderBytes];
        if (file.Read(0, header) < HeaderBytes || !header.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)) != Version
            || BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16)) != start
            || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) is var count
                && (count < 0 || HeaderBytes + ((long)count * SummaryBytes) > file.Length))
        {
            return null;
        }

        var directory = new byte[HeaderBytes + (count * SummaryBytes)];
        file.Read(0, directory);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ChecksumAt)) != Checksum(directory, count))
        {
            return null;
        }

        var stretches = new List<LogRangeSummary>(count);
        for (var i = 0; i < count; i++)
        {
            stretches.Add(Read(directory.AsSpan(HeaderBytes + (i * SummaryBytes))));
        }

        return stretches.Any(s => s.IndexAt + ((long)s.Count * LogRangeEntry.Bytes) > file.Length)
            ? null
            : (BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)), stretches);
    }

    private static void Write(Span<byte> to, LogRange stretch, long entriesAt)
    {
        stretch.Address.Write(to);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], stretch.BaseOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], stretch.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], stretch.MaxTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], stretch.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], entriesAt);
        BinaryPrimitives.WriteInt32LittleEndian(to[48..], stretch.Count);
    }

    private static LogRangeSummary Read(ReadOnlySpan<byte> from) => new(
        BatchAddress.Read(from),
        BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[48..]));

    private static uint Checksum(ReadOnlySpan<byte> content, int stretches) =>
        Crc32C.Of(content[..ChecksumAt], content.Slice(HeaderBytes, stretches * SummaryBytes));
}
