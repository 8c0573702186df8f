using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Records;

/// <summary>
/// Checks that the records of a producer's batch are what its header says, as Kafka does: consumers cannot get past a batch that they
/// cannot read. Compressed records are unpacked for it, in memory that is bounded by the topic's largest batch.
/// </summary>
internal static class BatchContent
{
    /// <summary>The records of one batch are no larger, unpacked.</summary>
    public const int MaxUnpackedBytes = 128 * 1024 * 1024;

    private const int MinUnpackedBytes = 1024 * 1024;

    /// <summary>How much larger than the topic's largest batch its records may be.</summary>
    private const int Factor = 8;

    /// <param name="batch">A header that was checked.</param>
    /// <param name="bytes">The whole batch, of an array.</param>
    /// <param name="maxMessageBytes">The topic's largest batch.</param>
    /// <param name="keyed">True for a compacted topic: each record has a key, by which a newer one replaces it.</param>
    public static ErrorCode Check(in RecordBatch batch, ReadOnlyMemory<byte> bytes, int maxMessageBytes, bool keyed)
    {
        var records = bytes[RecordBatch.HeaderBytes..];
        var codec = (RecordCodec)batch.Codec;
        if (codec == RecordCodec.None)
        {
            return Check(batch, records.Span, keyed);
        }

        if (!RecordCodecs.IsAvailable(codec))
        {
            return keyed ? ErrorCode.UnsupportedCompressionType : ErrorCode.None; // nobody here can look into it
        }

        using var unpacked = new RecordBuffer((int)Math.Clamp((long)maxMessageBytes * Factor, MinUnpackedBytes, MaxUnpackedBytes));
        return RecordCodecs.TryUnpack(codec, records, unpacked) ? Check(batch, unpacked.Span, keyed)
            : unpacked.Overflowed ? ErrorCode.MessageTooLarge
            : ErrorCode.InvalidRecord;
    }

    private static ErrorCode Check(in RecordBatch batch, ReadOnlySpan<byte> records, bool keyed)
    {
        var reader = new RecordReader(records);
        var count = 0;
        while (count < batch.Count && reader.TryRead(out var record) && record.OffsetDelta == count && (record.HasKey || !keyed)
            && AreWhole(record.Headers))
        {
            count++;
        }

        return count == batch.Count && reader.IsAtEnd ? ErrorCode.None : ErrorCode.InvalidRecord;
    }

    /// <summary>A number of headers, then a key and a value for each; a key is never null.</summary>
    private static bool AreWhole(ReadOnlySpan<byte> headers)
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
