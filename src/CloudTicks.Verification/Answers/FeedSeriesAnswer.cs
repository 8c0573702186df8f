namespace CloudTicks.Verification.Answers;

/// <summary>The simulator's tick counts of a series (<c>GET /api/v1/minutes</c>).</summary>
internal sealed record FeedSeriesAnswer(string Symbol, string Kind, long KnownFromMs, IReadOnlyList<FeedMinuteAnswer> Minutes);

internal sealed record FeedMinuteAnswer(long MinuteMs, long Distinct, string DistinctSum);
