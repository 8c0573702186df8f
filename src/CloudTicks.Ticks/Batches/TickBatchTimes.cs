using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Ticks.Batches;

/// <summary>When a record's ticks were received, read without its ticks and without allocating.</summary>
public static class TickBatchTimes
{
    private const int Columns = (int)TickBatchColumn.Flags + 1;

    /// <summary>Reads when the first tick of a record was received, of a record that came from the feed as it happened.</summary>
    /// <param name="receivedMs">Unix ms, UTC.</param>
    /// <returns>False for a record of gaps, one that was fetched back, posted or replayed, and one that is damaged.</returns>
    public static bool TryReadLive(ReadOnlySpan<byte> record, out long receivedMs, out int ticks)
    {
        (receivedMs, ticks) = (0, 0);
        if (GapRecord.IsGap(record))
        {
            return false;
        }

        try
        {
            Span<ColumnReader> columns = stackalloc ColumnReader[Columns];
            var frame = TickBatchFrame.Parse(record, columns);
            ticks = frame.TickCount;
            receivedMs = columns[(int)TickBatchColumn.ReceivedMsDelta].Signed(record, TickBatchColumn.ReceivedMsDelta);
            return frame.Source == TickSource.Live;
        }
        catch (TickBatchFormatException)
        {
            return false; // Whoever reads its ticks says so.
        }
    }
}
