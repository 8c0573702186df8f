namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The beginning or end of a channel's coverage. A channel is covered, starting with the server's acknowledgement, as long as at least one
/// session holds it. Ticks of an uncovered channel are missed.
/// </summary>
/// <param name="IsCovered">True when coverage begins.</param>
/// <param name="AtMs">
/// The time of the acknowledgement, of the lost session's last message, or of the end of the subscription, Unix ms, UTC, by this
/// machine's clock.
/// </param>
/// <param name="Cause">Why coverage ended; <see cref="LossCause.None"/> when it begins.</param>
/// <param name="Detail">A description of the cause, without secrets.</param>
public readonly record struct CoverageChange(FeedChannel Channel, bool IsCovered, long AtMs, LossCause Cause, string Detail);
