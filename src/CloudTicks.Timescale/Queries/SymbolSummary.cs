namespace CloudTicks.Timescale.Queries;

/// <summary>The ticks of one symbol in the table.</summary>
/// <param name="Count">Rows, at least 1.</param>
/// <param name="FirstTimestampMs">Time of the oldest tick, Unix ms, UTC.</param>
/// <param name="LastTimestampMs">Time of the newest tick, Unix ms, UTC.</param>
public readonly record struct SymbolSummary(string Symbol, long Count, long FirstTimestampMs, long LastTimestampMs);
