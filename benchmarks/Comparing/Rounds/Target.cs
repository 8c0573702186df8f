namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>Another side, and how much faster than it ours should be.</summary>
/// <param name="Other">Name of the other side.</param>
/// <param name="Good">The ratio that is good.</param>
/// <param name="Goal">The ratio that is the goal.</param>
public sealed record Target(string Other, double Good, double Goal);
