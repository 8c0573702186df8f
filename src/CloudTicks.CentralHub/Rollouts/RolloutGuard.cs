namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Limits within a window after a step of a rollout; when one is passed, the step is taken back.</summary>
/// <param name="Window">How long after a step they are watched, 5 s to 1 day.</param>
/// <param name="MaxRefusedTicks">Ticks refused since the step; null when it does not matter.</param>
/// <param name="MaxMissingAcks">Subscriptions without acknowledgement at a time; likewise.</param>
/// <param name="MaxLagRecords">Records of the archive that wait to be stored; likewise.</param>
/// <param name="MaxFeedLatencyMs">Feed latency in ms, 99th percentile; likewise.</param>
public sealed record RolloutGuard(
    TimeSpan Window, long? MaxRefusedTicks, long? MaxMissingAcks, long? MaxLagRecords, double? MaxFeedLatencyMs)
{
    /// <summary>The window where none is named.</summary>
    public static readonly TimeSpan StandardWindow = TimeSpan.FromMinutes(5);
}
