using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The state of a rollout.</summary>
/// <param name="Percentage">The default percentage of its targeting, 0 to 100; null without one.</param>
/// <param name="On">Symbols that are on, in the order of the list.</param>
public sealed record RolloutState(Rollout Rollout, bool Enabled, double? Percentage, IReadOnlyList<Symbol> On, IReadOnlyList<Symbol> Off);
