namespace CloudTicks.EventHub.Wal;

/// <summary>The index's header of a range, and where in the index its entries begin.</summary>
internal readonly record struct LogRangeSummary(
    BatchAddress Address, long BaseOffset, long NextOffset, long MaxTimestamp, long Bytes, long IndexAt, int Count);
