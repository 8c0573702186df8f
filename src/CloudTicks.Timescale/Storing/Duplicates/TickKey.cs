namespace CloudTicks.Timescale.Storing.Duplicates;

/// <summary>What tells one tick from another inside a partition: time and hash, which covers the symbol too.</summary>
internal readonly record struct TickKey(long TimestampMs, ulong Hash);
