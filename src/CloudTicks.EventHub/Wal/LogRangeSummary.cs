namespace CloudTicks.EventHub.Wal;

/// <summary>The header of a range in the index, and the position of its entries there.</summary>
internal readonly record struct LogRangeSummary(
    BatchAddress Address, long BaseOffset, long NextOffset, long MaxTimestamp, long Bytes, long IndexAt, int Count);
