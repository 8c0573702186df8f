using System.Buffers.Binary;

namespace CloudTicks.EventHub.Wire;

/// <summary>The 61-byte header of a record batch (magic 2). Only the header is parsed; records stay as the producer compressed
/// them.</summary>
internal readonly struct RecordBatch
{
    public const int HeaderBytes = 61;

    /// <summary>Bytes up to and including the length field, which the length does not count.</summary>
    public const int LengthPrefixBytes = 12;

    private const int LengthAt = 8;
    private const int LeaderEpochAt = 12;
    private const int MagicAt = 16;
    private const int CrcAt = 17;
    private const int CheckedFrom = 21;
    private const int AttributesAt = 21;
    private const int LastDeltaAt = 23;
    private const int BaseTimestampAt = 27;
    private const int MaxTimestampAt = 35;
    private const int ProducerAt = 43;
    private const int EpochAt = 51;
    private const int SequenceAt = 53;
    private const int CountAt = 57;
    private const int AppendTimeBit = 0x08;
    private const int TransactionalBit = 0x10;
    private const int ControlBit = 0x20;
    private const int DeleteHorizonBit = 0x40;
    private const int BrokerBits = AppendTimeBit | DeleteHorizonBit;
    private const int CodecMask = 0x07;
    private const int LastCodec = 4;

    private RecordBatch(ReadOnlySpan<byte> header)
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(header);
        TotalBytes = LengthPrefixBytes + (long)BinaryPrimitives.ReadInt32BigEndian(header[LengthAt..]);
        LeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(header[LeaderEpochAt..]);
        Magic = header[MagicAt];
        Attributes = BinaryPrimitives.ReadInt16BigEndian(header[AttributesAt..]);
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(header[LastDeltaAt..]);
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(header[BaseTimestampAt..]);
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(header[MaxTimestampAt..]);
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(header[ProducerAt..]);
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(header[EpochAt..]);
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(header[SequenceAt..]);
        Count = BinaryPrimitives.ReadInt32BigEndian(header[CountAt..]);
    }

    public long BaseOffset { get; }

    /// <summary>Bytes of the whole batch including the header.</summary>
    public long TotalBytes { get; }

    public int LeaderEpoch { get; }

    public byte Magic { get; }

    public short Attributes { get; }

    public int LastOffsetDelta { get; }

    /// <summary>Unix milliseconds, set by the producer, or by compaction: see <see cref="DeleteHorizon"/>.</summary>
    public long BaseTimestamp { get; }

    /// <summary>Unix milliseconds, set by the producer, or by the broker: see <see cref="HasAppendTime"/>.</summary>
    public long MaxTimestamp { get; }

    public long ProducerId { get; }

    public short ProducerEpoch { get; }

    public int BaseSequence { get; }

    public int Count { get; }

    /// <summary>The compression codec; 0 means none.</summary>
    public int Codec => Attributes & CodecMask;

    public bool Compressed => Codec != 0;

    /// <summary>True when all records have the broker's receive time, which is <see cref="MaxTimestamp"/>.</summary>
    public bool HasAppendTime => (Attributes & AppendTimeBit) != 0;

    /// <summary>True when attributes are set that only the broker may set.</summary>
    public bool HasBrokerBits => (Attributes & BrokerBits) != 0;

    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    /// <summary>The time until which compaction keeps its tombstones, Unix ms; null until compaction finds tombstones in it.</summary>
    public long? DeleteHorizon => (Attributes & DeleteHorizonBit) != 0 ? BaseTimestamp : null;

    /// <summary>Reads a header without validating it; false for fewer than 61 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatch batch)
    {
        if (bytes.Length < HeaderBytes)
        {
            batch = default;
            return false;
        }

        batch = new RecordBatch(bytes);
        return true;
    }

    /// <summary>False when these bytes cannot be the header of a stored batch. Must be cheap, because a search checks every byte.</summary>
    public static bool CouldBeHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes[MagicAt] == 2 && BinaryPrimitives.ReadInt32BigEndian(bytes[LeaderEpochAt..]) == 0;

    /// <summary>True when the bytes are one complete batch with a valid checksum.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes) =>
        TryRead(bytes, out var batch) && batch.Magic == 2 && batch.TotalBytes == bytes.Length && batch.LastOffsetDelta >= 0
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]) == Crc32C.Of(bytes[CheckedFrom..]);

    /// <summary>Validates a producer's batch.</summary>
    public static ErrorCode Check(ReadOnlySpan<byte> bytes, int maxBytes, out RecordBatch batch)
    {
        if (!TryRead(bytes, out batch))
        {
            return ErrorCode.InvalidRecord;
        }

        if (batch.Magic != 2)
        {
            return ErrorCode.InvalidRecord;
        }

        if (bytes.Length > maxBytes)
        {
            return ErrorCode.MessageTooLarge;
        }

        if (batch.TotalBytes != bytes.Length)
        {
            // A second batch is refused: the protocol allows one batch per partition and request.
            return ErrorCode.InvalidRecord;
        }

        if (!IsIntact(bytes))
        {
            return ErrorCode.CorruptMessage;
        }

        if ((batch.Attributes & TransactionalBit) != 0)
        {
            return ErrorCode.InvalidTransactionState; // transactions are not supported
        }

        return batch.Count > 0 && batch.LastOffsetDelta == batch.Count - 1 && (batch.Attributes & ControlBit) == 0
            && (batch.Attributes & CodecMask) <= LastCodec && (batch.ProducerId < 0 || batch.BaseSequence >= 0)
            ? ErrorCode.None
            : ErrorCode.InvalidRecord;
    }

    /// <summary>A batch without records that covers a range of offsets.</summary>
    public static byte[] Empty(long baseOffset, long nextOffset)
    {
        var bytes = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(LengthAt), HeaderBytes - LengthPrefixBytes);
        bytes[MagicAt] = 2;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(LastDeltaAt), (int)(nextOffset - baseOffset - 1));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(BaseTimestampAt), -1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(MaxTimestampAt), -1);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(ProducerAt), -1);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(EpochAt), -1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(SequenceAt), -1);
        WriteChecksum(bytes);
        return bytes;
    }

    /// <summary>Completes the header of a batch from which records were removed; the batch ends with the last remaining record.</summary>
    public static void WriteCleanedHeader(
        Span<byte> bytes, int count, int lastOffsetDelta, long baseTimestamp, long maxTimestamp, bool hasHorizon)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LengthAt..], bytes.Length - LengthPrefixBytes);
        BinaryPrimitives.WriteInt16BigEndian(
            bytes[AttributesAt..], (short)(hasHorizon ? attributes | DeleteHorizonBit : attributes & ~DeleteHorizonBit));
        BinaryPrimitives.WriteInt32BigEndian(bytes[LastDeltaAt..], lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(bytes[BaseTimestampAt..], baseTimestamp);
        if ((attributes & AppendTimeBit) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes[MaxTimestampAt..], maxTimestamp);
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes[CountAt..], count);
        WriteChecksum(bytes);
    }

    /// <summary>Sets the offset of the batch. The checksum does not cover it.</summary>
    public static void SetOffset(Span<byte> bytes, long baseOffset)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LeaderEpochAt..], 0);
    }

    /// <summary>
    /// Clears the attributes that only the broker may set. Then sets the broker's receive time for all records, unless
    /// <paramref name="appendTime"/> is null.
    /// </summary>
    /// <param name="bytes">The whole batch; its checksum is recomputed.</param>
    /// <param name="appendTime">Unix milliseconds; null to keep the producer's times.</param>
    public static void SetTime(Span<byte> bytes, long? appendTime)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..]) & ~BrokerBits;
        if (appendTime is { } time)
        {
            attributes |= AppendTimeBit;
            BinaryPrimitives.WriteInt64BigEndian(bytes[MaxTimestampAt..], time);
        }

        BinaryPrimitives.WriteInt16BigEndian(bytes[AttributesAt..], (short)attributes);
        WriteChecksum(bytes);
    }

    private static void WriteChecksum(Span<byte> bytes) =>
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CrcAt..], Crc32C.Of(bytes[CheckedFrom..]));
}
