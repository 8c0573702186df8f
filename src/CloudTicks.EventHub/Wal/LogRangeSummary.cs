namespace CloudTicks.EventHub.Wal;

/// <summary>The summary of a range in the index of a log file, with the position of the range's entries in the index.</summary>
internal readonly record struct LogRangeSummary(
    BatchAddress Address, long BaseOffset, long NextOffset, long MaxTimestamp, long Bytes, long IndexAt, int Count);
