namespace CloudTicks.EventHub.Wal;

/// <summary>What an index says of a stretch without its entries, which begin at a byte of the index.</summary>
internal readonly record struct LogRangeSummary(
    BatchAddress Address, long BaseOffset, long NextOffset, long MaxTimestamp, long Bytes, long IndexAt, int Count);
