namespace CloudTicks.Timescale.Storing;

/// <summary>What became of a run of records.</summary>
/// <param name="NextOffset">The offset behind the last record that is stored, of this run or of an earlier one.</param>
/// <param name="StoredTicks">New rows in the table.</param>
/// <param name="RepeatedTicks">Ticks that were in the table already, or twice in the run.</param>
/// <param name="ExpiredTicks">Ticks older than the retention window.</param>
/// <param name="SkippedRecords">Records below the offset that was stored before: they were delivered again.</param>
/// <param name="RefusedRecords">What was handed over as refused: whole records, and ticks of others.</param>
/// <param name="RefusedTicks">Ticks of records that can be read, handed over as refused.</param>
/// <param name="GapStates">States of gaps that came to <c>feed_gaps</c>, older ones than it has among them.</param>
public readonly record struct StoreResult(
    long NextOffset, long StoredTicks, long RepeatedTicks, long ExpiredTicks, int SkippedRecords, int RefusedRecords, long RefusedTicks,
    int GapStates);
