using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Reads the timestamps of a batch's records for lookups by time.</summary>
internal static class RecordTimes
{
    /// <summary>Finds the first record that is at or after both a timestamp and an offset.</summary>
    /// <returns>False when there is none, or the records cannot be read.</returns>
    public static bool TryFind(
        ReadOnlySpan<byte> records, in RecordBatch batch, long timestamp, long fromOffset, out (long Offset, long Timestamp) found)
    {
        var reader = new RecordReader(records);
        while (reader.TryRead(out var record))
        {
            found = (
                batch.BaseOffset + record.OffsetDelta,
                batch.HasAppendTime ? batch.MaxTimestamp : batch.BaseTimestamp + record.TimestampDelta);
            if (found.Timestamp >= timestamp && found.Offset >= fromOffset)
            {
                return true;
            }
        }

        found = default;
        return false;
    }
}
