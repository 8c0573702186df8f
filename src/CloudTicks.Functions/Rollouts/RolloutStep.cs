using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Rollouts;

/// <summary>A step of a rollout that turned symbols on, which a guard watches.</summary>
/// <param name="Before">The flag before it; null when it was not there.</param>
public sealed record RolloutStep(Rollout Rollout, ConfigVersion Version, JsonObject? Before)
{
    /// <summary>When it ceases to be watched, Unix ms, UTC.</summary>
    public long UntilMs => Version.CreatedMs + (long)(Rollout.Guard?.Window ?? TimeSpan.Zero).TotalMilliseconds;
}
