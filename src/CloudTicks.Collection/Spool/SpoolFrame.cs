using System.Buffers.Binary;
using System.Numerics;
using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// The header that precedes each record in a spool file. Little-endian: a magic number, a CRC-32C of the rest of the header, the record's
/// number, spooling time, partition, tick count and length, a CRC-32C of its bytes, the kind of its content, and 7 zero bytes.
/// The length makes it possible to skip a damaged value. The magic number makes it possible to find the next header after a damaged one.
/// </summary>
internal readonly record struct SpoolFrame(
    long Sequence, long SpooledMs, int Partition, int Ticks, int Length, uint ValueCrc, RecordContent Content)
{
    public const int HeadBytes = 48;

    /// <summary>Maximum length of a value. A header with a longer value is damaged.</summary>
    public const int MaxValueBytes = 64 << 20;

    private const int CrcStart = 8;

    public static ReadOnlySpan<byte> Magic => [0xC7, 0x53, 0x50, 0x4C];

    public long Bytes => HeadBytes + (long)Length;

    public static SpoolFrame Of(long sequence, long spooledMs, OutgoingRecord record) =>
        new(sequence, spooledMs, record.Partition, record.Ticks, record.Value.Length, Crc(record.Value), record.Content);

    public void Write(Span<byte> head)
    {
        head[..HeadBytes].Clear();
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], SpooledMs);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], Partition);
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(head[32..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[36..], ValueCrc);
        head[40] = (byte)Content;
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc(head[CrcStart..HeadBytes]));
    }

    /// <summary>Reads a header.</summary>
    /// <returns>False when the header is incomplete or damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SpoolFrame frame)
    {
        frame = default;
        if (bytes.Length < HeadBytes || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc(bytes[CrcStart..HeadBytes]))
        {
            return false;
        }

        frame = new SpoolFrame(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            (RecordContent)bytes[40]);
        return frame is { Sequence: > 0, Partition: >= 0, Ticks: >= 0, Length: >= 0 and <= MaxValueBytes };
    }

    /// <summary>CRC-32C (Castagnoli), as in iSCSI and Kafka.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var next in bytes)
        {
            crc = BitOperations.Crc32C(crc, next);
        }

        return ~crc;
    }
}
