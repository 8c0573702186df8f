using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Rollouts;

/// <summary>A step of a rollout that turned symbols on and is watched by a guard.</summary>
/// <param name="Before">The flag before the step; null when absent.</param>
public sealed record RolloutStep(Rollout Rollout, ConfigVersion Version, JsonObject? Before)
{
    /// <summary>The end of the watch, Unix ms, UTC.</summary>
    public long UntilMs => Version.CreatedMs + (long)(Rollout.Guard?.Window ?? TimeSpan.Zero).TotalMilliseconds;
}
