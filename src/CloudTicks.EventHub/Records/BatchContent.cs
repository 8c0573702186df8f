using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Records;

/// <summary>
/// Validates that the records of a producer's batch match its header, as Kafka does: consumers cannot skip a batch that they cannot read.
/// The memory for unpacked records is limited to 8 times the topic's maximum batch size, but at least 1 MiB
/// and at most 128 MiB.
/// </summary>
internal static class BatchContent
{
    /// <summary>Maximum unpacked bytes of one batch.</summary>
    public const int MaxUnpackedBytes = 128 * 1024 * 1024;

    private const int MinUnpackedBytes = 1024 * 1024;

    /// <summary>Maximum ratio of the unpacked records to the topic's maximum batch size.</summary>
    private const int MaxRatio = 8;

    /// <param name="batch">A validated header.</param>
    /// <param name="bytes">The whole batch, backed by an array.</param>
    /// <param name="maxMessageBytes">The topic's maximum batch size.</param>
    /// <param name="isKeyed">True for a compacted topic, where every record must have a key.</param>
    public static ErrorCode Check(in RecordBatch batch, ReadOnlyMemory<byte> bytes, int maxMessageBytes, bool isKeyed)
    {
        var records = bytes[RecordBatch.HeaderBytes..];
        var codec = (RecordCodec)batch.Codec;
        if (codec == RecordCodec.None)
        {
            return Check(batch, records.Span, isKeyed);
        }

        if (!RecordCodecs.IsAvailable(codec))
        {
            return isKeyed ? ErrorCode.UnsupportedCompressionType : ErrorCode.None; // without the codec, the records cannot be validated
        }

        using var unpacked = new RecordBuffer((int)Math.Clamp((long)maxMessageBytes * MaxRatio, MinUnpackedBytes, MaxUnpackedBytes));
        return RecordCodecs.TryUnpack(codec, records, unpacked) ? Check(batch, unpacked.Span, isKeyed)
            : unpacked.Overflowed ? ErrorCode.MessageTooLarge
            : ErrorCode.InvalidRecord;
    }

    private static ErrorCode Check(in RecordBatch batch, ReadOnlySpan<byte> records, bool isKeyed)
    {
        var reader = new RecordReader(records);
        var count = 0;
        while (count < batch.Count && reader.TryRead(out var record) && record.OffsetDelta == count && (record.HasKey || !isKeyed)
            && AreValid(record.Headers))
        {
            count++;
        }

        return count == batch.Count && reader.IsAtEnd ? ErrorCode.None : ErrorCode.InvalidRecord;
    }

    /// <summary>Validates the number of headers, then a key and a value for each; a key is never null.</summary>
    private static bool AreValid(ReadOnlySpan<byte> headers)
    {
        if (!Varint.TryRead(ref headers, out var count) || count < 0)
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!TrySkip(ref headers, 0) || !TrySkip(ref headers, -1))
            {
                return false;
            }
        }

        return headers.IsEmpty;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int minLength)
    {
        if (!Varint.TryRead(ref rest, out var length) || length < minLength || length > rest.Length)
        {
            return false;
        }

        rest = rest[(int)Math.Max(length, 0)..];
        return true;
    }
}
