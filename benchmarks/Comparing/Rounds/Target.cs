namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>What our side is compared with, and how much faster it is to be.</summary>
/// <param name="Other">Name of the other side.</param>
/// <param name="Good">The ratio that is good.</param>
/// <param name="Goal">The ratio that is the goal.</param>
public sealed record Target(string Other, double Good, double Goal);
