namespace CloudTicks.CentralHub.Rollouts;

/// <summary>A list of symbols that a feature flag turns on symbol by symbol.</summary>
/// <param name="Flag">The flag's id in <c>feature_management.feature_flags</c>.</param>
/// <param name="Guard">What takes a step back by itself; null when nothing does.</param>
public sealed record Rollout(string Flag, string List, RolloutGuard? Guard);
