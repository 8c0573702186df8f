using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The state of a rollout.</summary>
/// <param name="Percentage">The percentage of the flag's targeting or percentage filter, 0 to 100; null if the flag has neither.</param>
/// <param name="On">Symbols that are on, in the order of the list.</param>
public sealed record RolloutState(Rollout Rollout, bool Enabled, double? Percentage, IReadOnlyList<Symbol> On, IReadOnlyList<Symbol> Off);
