using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Reads the timestamps of an uncompressed batch's records, for look-ups by time.</summary>
internal static class RecordTimes
{
    /// <summary>The first record at or after a time and an offset.</summary>
    /// <returns>False when there is none, or the records cannot be read.</returns>
    public static bool TryFind(
        ReadOnlySpan<byte> bytes, in RecordBatch batch, long timestamp, long fromOffset, out (long Offset, long Timestamp) found)
    {
        var reader = new RecordReader(bytes[RecordBatch.HeaderBytes..]);
        while (reader.TryRead(out var record))
        {
            found = (batch.BaseOffset + record.OffsetDelta, batch.BaseTimestamp + record.TimestampDelta);
            if (found.Timestamp >= timestamp && found.Offset >= fromOffset)
            {
                return true;
            }
        }

        found = default;
        return false;
    }
}
