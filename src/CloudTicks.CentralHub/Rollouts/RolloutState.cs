using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Where a rollout stands.</summary>
/// <param name="Percentage">The default percentage of its targeting, 0 to 100; null when it has none.</param>
/// <param name="On">The symbols of the list that are on, in the list's order.</param>
public sealed record RolloutState(Rollout Rollout, bool Enabled, double? Percentage, IReadOnlyList<Symbol> On, IReadOnlyList<Symbol> Off);
