using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Ticks.Batches;

/// <summary>Reads when the first tick of a record was received, without decoding the ticks and without allocating.</summary>
public static class TickBatchTimes
{
    private const int ColumnCount = (int)TickBatchColumn.Flags + 1;

    /// <summary>Reads when the collector received the first tick of a live record.</summary>
    /// <param name="receivedMs">Unix ms, UTC.</param>
    /// <returns>False for gap records, damaged records, and records whose source is not live.</returns>
    public static bool TryReadLive(ReadOnlySpan<byte> record, out long receivedMs, out int ticks)
    {
        (receivedMs, ticks) = (0, 0);
        if (GapRecord.IsGap(record))
        {
            return false;
        }

        try
        {
            Span<ColumnReader> columns = stackalloc ColumnReader[ColumnCount];
            var frame = TickBatchFrame.Parse(record, columns);
            ticks = frame.TickCount;
            receivedMs = columns[(int)TickBatchColumn.ReceivedMsDelta].ReadSigned(record, TickBatchColumn.ReceivedMsDelta);
            return frame.Source == TickSource.Live;
        }
        catch (TickBatchFormatException)
        {
            return false; // The reader of the ticks reports the damage.
        }
    }
}
