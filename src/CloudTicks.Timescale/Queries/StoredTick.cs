namespace CloudTicks.Timescale.Queries;

/// <summary>What tells a stored tick from others, and when it came.</summary>
/// <param name="TimestampMs">The feed's time, Unix ms, UTC.</param>
/// <param name="ReceivedMs">When the collector read it, Unix ms, UTC.</param>
/// <param name="CommittedMs">When its transaction committed, Unix ms, UTC; null where the server does not track it
/// (<c>track_commit_timestamp</c>).</param>
public readonly record struct StoredTick(string Symbol, long TimestampMs, ulong Identity, long ReceivedMs, long? CommittedMs);
