namespace CloudTicks.Timescale.Queries;

/// <summary>What the table has of one symbol.</summary>
/// <param name="Count">Rows, at least 1.</param>
/// <param name="FirstTimestampMs">Smallest time, Unix ms, UTC.</param>
/// <param name="LastTimestampMs">Largest time, Unix ms, UTC.</param>
public readonly record struct SymbolSummary(string Symbol, long Count, long FirstTimestampMs, long LastTimestampMs);
