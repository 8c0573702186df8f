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
        found = default;
        var at = RecordBatch.HeaderBytes;
        for (var i = 0; i < batch.Count; i++)
        {
            if (!TryReadVarint(bytes, ref at, out var length) || length < 3 || length > bytes.Length - at)
            {
                return false;
            }

            var next = at + (int)length;
            at++; // attributes, unused
            if (!TryReadVarint(bytes, ref at, out var timestampDelta) || !TryReadVarint(bytes, ref at, out var offsetDelta))
            {
                return false;
            }

            if (batch.BaseTimestamp + timestampDelta >= timestamp && batch.BaseOffset + offsetDelta >= fromOffset)
            {
                found = (batch.BaseOffset + offsetDelta, batch.BaseTimestamp + timestampDelta);
                return true;
            }

            at = next;
        }

        return false;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            raw |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }
}
