namespace CloudTicks.CentralHub.Rollouts;

/// <summary>A list whose symbols a feature flag turns on gradually.</summary>
/// <param name="Flag">The flag's id in <c>feature_management.feature_flags</c>.</param>
/// <param name="Guard">The limits that roll a step back automatically; null without a guard.</param>
public sealed record Rollout(string Flag, string List, RolloutGuard? Guard);
