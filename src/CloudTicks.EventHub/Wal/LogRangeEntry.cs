using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>The position of a batch in a range.</summary>
/// <param name="Offset">The base offset of the batch.</param>
/// <param name="MaxTimestampBefore">The largest timestamp of the range before the batch, Unix milliseconds.</param>
/// <param name="Position">Bytes of the range before the batch.</param>
/// <param name="At">Where the batch begins in the log file, in bytes.</param>
internal readonly record struct LogRangeEntry(long Offset, long MaxTimestampBefore, int Position, int At)
{
    /// <summary>The size of an entry on disk. Little endian: the four numbers, their CRC-32C, four zero bytes.</summary>
    public const int Bytes = 32;

    private const int ChecksumAt = 24;

    public void Write(Span<byte> to)
    {
        to[..Bytes].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(to, Offset);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], MaxTimestampBefore);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], Position);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], At);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChecksumAt..], Crc32C.Of(to[..ChecksumAt]));
    }

    /// <exception cref="InvalidDataException">The entry is damaged.</exception>
    public static LogRangeEntry Read(ReadOnlySpan<byte> from) =>
        from.Length >= Bytes && BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) == Crc32C.Of(from[..ChecksumAt])
            ? new LogRangeEntry(
                BinaryPrimitives.ReadInt64LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[20..]))
            : throw new InvalidDataException("an entry of the index is damaged");
}
