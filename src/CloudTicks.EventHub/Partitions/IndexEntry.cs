using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>An indexed position in a segment file.</summary>
/// <param name="Offset">Base offset of the batch that begins at the position.</param>
/// <param name="MaxTimestampBefore">The largest timestamp of the segment before this position, Unix milliseconds.</param>
internal readonly record struct IndexEntry(long Offset, long Position, long MaxTimestampBefore)
{
    /// <summary>The size of an entry on disk. Little endian: the three numbers, their CRC-32C, four zero bytes.</summary>
    public const int Bytes = 32;

    private const int ChecksumAt = 24;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(to, Offset);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], MaxTimestampBefore);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChecksumAt..], Crc32C.Of(to[..ChecksumAt]));
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out IndexEntry entry)
    {
        entry = default;
        if (from.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32C.Of(from[..ChecksumAt]))
        {
            return false;
        }

        entry = new IndexEntry(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]));
        return true;
    }
}
