namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// A channel began or ceased to be covered. It is covered from the server's acknowledgement on, for as long as at least one session that
/// holds it stands; what the feed sends of a channel that is not covered is missing.
/// </summary>
/// <param name="IsCovered">True when it is covered from now on.</param>
/// <param name="AtMs">
/// When, Unix ms, UTC, by our clock: the time of the acknowledgement, or the time of the last message of the session that was lost.
/// </param>
/// <param name="Cause">Why it ceased to be covered; <see cref="LossCause.None"/> when it began.</param>
/// <param name="Detail">The same in words, without secrets.</param>
public readonly record struct CoverageChange(FeedChannel Channel, bool IsCovered, long AtMs, LossCause Cause, string Detail);
