using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The index of a complete log file: <c>CTHUBIDX</c>, version u32, number of ranges u32, start i64, end i64, CRC-32C of the fields so far
/// and the summaries u32, four zero bytes; a summary of 56 bytes for each range; the entries of all ranges. Little endian. Without an
/// intact index, the log file itself is read.
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
        var ranges = file.Ranges.Where(s => s.Count > 0).ToList();
        var entries = ranges.ConvertAll(s => s.ToIndex());
        if (ranges.Zip(entries).Any(pair => pair.Second.Length == 0))
        {
            return; // the index exists
        }

        var at = (long)HeaderBytes + (ranges.Count * SummaryBytes);
        var content = new byte[at + entries.Sum(e => (long)e.Length)];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), ranges.Count);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(16), file.Start);
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(24), file.End!.Value);
        var indexPositions = new List<long>();
        for (var i = 0; i < ranges.Count; i++)
        {
            Write(content.AsSpan(HeaderBytes + (i * SummaryBytes)), ranges[i], at);
            entries[i].CopyTo(content.AsSpan((int)at));
            indexPositions.Add(at);
            at += entries[i].Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(ChecksumAt), Checksum(content, ranges.Count));
        disk.Replace(file.IndexPath, content);
        file.IsIndexed = true;
        for (var i = 0; i < ranges.Count; i++)
        {
            ranges[i].MarkIndexed(indexPositions[i]);
        }
    }

    /// <summary>At startup: reads the index of a file without the entries; null unless its header and summaries are intact.</summary>
    public static (long End, List<LogRangeSummary> Ranges)? Read(Disk disk, string path, long start)
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

        var ranges = new List<LogRangeSummary>(count);
        for (var i = 0; i < count; i++)
        {
            ranges.Add(Read(directory.AsSpan(HeaderBytes + (i * SummaryBytes))));
        }

        return ranges.Any(s => s.IndexAt + ((long)s.Count * LogRangeEntry.Bytes) > file.Length)
            ? null
            : (BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)), ranges);
    }

    private static void Write(Span<byte> to, LogRange range, long entriesAt)
    {
        range.Address.Write(to);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], range.BaseOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], range.NextOffset);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], range.MaxTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], range.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], entriesAt);
        BinaryPrimitives.WriteInt32LittleEndian(to[48..], range.Count);
    }

    private static LogRangeSummary Read(ReadOnlySpan<byte> from) => new(
        BatchAddress.Read(from),
        BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[48..]));

    private static uint Checksum(ReadOnlySpan<byte> content, int ranges) =>
        Crc32C.Of(content[..ChecksumAt], content.Slice(HeaderBytes, ranges * SummaryBytes));
}
