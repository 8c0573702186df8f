namespace CloudTicks.Timescale.Storing;

/// <summary>The result of storing a sequence of records.</summary>
/// <param name="NextOffset">The offset after the last stored record, of this call or an earlier one.</param>
/// <param name="StoredTicks">Rows inserted into the table.</param>
/// <param name="RepeatedTicks">Ticks that were in the table already, or repeated in this call.</param>
/// <param name="ExpiredTicks">Ticks older than the retention window.</param>
/// <param name="SkippedRecords">Redelivered records that were stored before.</param>
/// <param name="RefusedRecords">Refused records, whole or in part.</param>
/// <param name="RefusedTicks">Refused ticks of readable records.</param>
/// <param name="GapStates">States of gaps for <c>feed_gaps</c>, including outdated ones.</param>
public readonly record struct StoreResult(
    long NextOffset, long StoredTicks, long RepeatedTicks, long ExpiredTicks, int SkippedRecords, int RefusedRecords, long RefusedTicks,
    int GapStates);
