using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The 32-byte header in front of each payload of the write-ahead log, little endian: payload length u32, checksum u32, log position u64,
/// position of the first record of the same write u64, kind u16, zero u16, checksummed payload bytes u32.
/// </summary>
/// <remarks>
/// The position identifies a record, so that a search for the next intact record can begin anywhere. The position of its write
/// distinguishes a torn tail (everything after it belongs to the same, unacknowledged write) from damage to acknowledged records. A record
/// batch has its own checksum, so only its header is covered a second time.
/// </remarks>
internal readonly record struct WalRecord(int PayloadBytes, long Position, long WriteStart, RecordKind Kind, int CheckedBytes)
{
    public const int HeaderBytes = 32;

    public const int MaxPayloadBytes = 256 * 1024 * 1024;

    private const int ChecksumAt = 4;
    private const int CheckedFrom = 8;

    public long End => Position + HeaderBytes + PayloadBytes;

    /// <param name="header">32 bytes for the header; further bytes begin the payload, and are covered by the checksum.</param>
    public void Write(Span<byte> header, ReadOnlySpan<byte> coveredPayload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], WriteStart);
        BinaryPrimitives.WriteUInt16LittleEndian(header[24..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(header[26..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], CheckedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Checksum(header[CheckedFrom..], coveredPayload, PayloadBytes));
    }

    /// <summary>Parses a header with the expected position; does not verify the payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> header, long expectedPosition, out WalRecord record)
    {
        record = default;
        if (header.Length < HeaderBytes || BinaryPrimitives.ReadInt64LittleEndian(header[8..]) != expectedPosition)
        {
            return false;
        }

        record = new WalRecord(
            BinaryPrimitives.ReadInt32LittleEndian(header),
            expectedPosition,
            BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            (RecordKind)BinaryPrimitives.ReadUInt16LittleEndian(header[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[28..]));
        return record.PayloadBytes is >= 0 and <= MaxPayloadBytes && record.CheckedBytes >= 0 && record.CheckedBytes <= record.PayloadBytes;
    }

    /// <summary>Reads the position of the write from a header, which may be damaged.</summary>
    public static long WriteStartOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadInt64LittleEndian(header[16..]);

    /// <summary>Reads the checksum from a header.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]);

    /// <summary>True when header and payload match the checksum.</summary>
    public bool IsIntact(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        payload.Length == PayloadBytes
        && BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) == 0
        && BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..])
            == Checksum(header[CheckedFrom..HeaderBytes], payload[..CheckedBytes], PayloadBytes)
        && (Kind != RecordKind.Batch
            || (payload.Length > BatchAddress.Bytes && RecordBatch.IsIntact(payload[BatchAddress.Bytes..])));

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> covered, int payloadBytes) =>
        Crc32C.Of(header, covered) ^ (uint)payloadBytes;
}
