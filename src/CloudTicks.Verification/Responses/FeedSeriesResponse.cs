namespace CloudTicks.Verification.Responses;

/// <summary>The simulator's tick counts of a series (<c>GET /api/v1/minutes</c>).</summary>
internal sealed record FeedSeriesResponse(string Symbol, string Kind, long KnownFromMs, IReadOnlyList<FeedMinuteResponse> Minutes);

internal sealed record FeedMinuteResponse(long MinuteMs, long Distinct, string DistinctSum);
