using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// The end of a partition's compacted part, stored in a file in the partition's folder: the three values, big endian, and their CRC-32C. If
/// the file is missing or damaged, the partition is compacted from its start again, which is harmless.
/// </summary>
/// <param name="Offset">Before this offset only the newest record of each key remains.</param>
/// <param name="TombstonesUntil">
/// The earliest time, in Unix milliseconds, at which a tombstone before the offset may be removed; long.MaxValue when none may be.
/// </param>
/// <param name="HasSkipped">
/// True when damaged or unreadable records were kept: the next run starts at the beginning and collects every key.
/// </param>
internal readonly record struct CompactedEnd(long Offset, long TombstonesUntil, bool HasSkipped)
{
    private const string FileName = "compacted";
    private const int SkippedAt = 16;
    private const int ChecksumAt = 17;
    private const int Bytes = 21;

    public static CompactedEnd None { get; } = new(0, long.MaxValue, HasSkipped: false);

    /// <summary>The offset from which the next run collects keys.</summary>
    public long NextRunStart => HasSkipped ? 0 : Offset;

    public static CompactedEnd Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) && File.ReadAllBytes(path) is { Length: Bytes } content
            && BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(ChecksumAt)) == Crc32C.Of(content.AsSpan(0, ChecksumAt))
            ? new CompactedEnd(
                BinaryPrimitives.ReadInt64BigEndian(content), BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(8)),
                content[SkippedAt] != 0)
            : None;
    }

    public void Write(Disk disk, string folder)
    {
        var content = new byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(content, Offset);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(8), TombstonesUntil);
        content[SkippedAt] = HasSkipped ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(ChecksumAt), Crc32C.Of(content.AsSpan(0, ChecksumAt)));
        disk.Replace(Path.Combine(folder, FileName), content);
    }
}
