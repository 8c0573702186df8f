using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Records;

/// <summary>Checks what a producer sends to a compacted topic: each record has a key, by which a newer one replaces it.</summary>
internal static class KeyedRecords
{
    /// <summary>The records of one batch are no larger, unpacked.</summary>
    public const int MaxUnpackedBytes = 128 * 1024 * 1024;

    public static ErrorCode Check(ReadOnlyMemory<byte> bytes, in RecordBatch batch)
    {
        var codec = (RecordCodec)batch.Codec;
        if (!RecordCodecs.IsAvailable(codec))
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        using var unpacked = new RecordBuffer(MaxUnpackedBytes);
        if (!RecordCodecs.TryUnpack(codec, bytes[RecordBatch.HeaderBytes..], unpacked))
        {
            return ErrorCode.InvalidRecord;
        }

        var reader = new RecordReader(unpacked.Span);
        var count = 0;
        while (reader.TryRead(out var record) && record.HasKey && record.OffsetDelta == count)
        {
            count++;
        }

        return reader.IsAtEnd && count == batch.Count ? ErrorCode.None : ErrorCode.InvalidRecord;
    }
}
