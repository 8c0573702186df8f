namespace CloudTicks.Timescale.Queries;

/// <summary>The identity of a stored tick, and its times.</summary>
/// <param name="TimestampMs">The feed's time, Unix ms, UTC.</param>
/// <param name="ReceivedMs">When the collector received it, Unix ms, UTC.</param>
/// <param name="CommittedMs">When its transaction committed, Unix ms, UTC; null if the server does not track it
/// (<c>track_commit_timestamp</c>).</param>
public readonly record struct StoredTick(string Symbol, long TimestampMs, ulong Identity, long ReceivedMs, long? CommittedMs);
