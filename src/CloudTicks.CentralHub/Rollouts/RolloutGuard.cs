namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Limits that apply for some time after a rollout step. When a limit is exceeded, the step is rolled back.</summary>
/// <param name="Window">The window after a step, 5 s to 1 day.</param>
/// <param name="MaxRefusedTicks">Maximum ticks refused since the step; null without a limit.</param>
/// <param name="MaxMissingAcks">Maximum subscriptions without acknowledgement; null without a limit.</param>
/// <param name="MaxLagRecords">Maximum records of the archive that wait to be stored; null without a limit.</param>
/// <param name="MaxFeedLatencyMs">Maximum feed latency in ms, 99th percentile; null without a limit.</param>
public sealed record RolloutGuard(
    TimeSpan Window, long? MaxRefusedTicks, long? MaxMissingAcks, long? MaxLagRecords, double? MaxFeedLatencyMs)
{
    /// <summary>The default window.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);
}
