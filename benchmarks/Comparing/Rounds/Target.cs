namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>The ratios that our side should reach when compared with another side.</summary>
/// <param name="Other">Name of the other side.</param>
/// <param name="Good">The minimum ratio for the verdict <c>good</c>.</param>
/// <param name="Goal">The minimum ratio for the verdict <c>goal</c>.</param>
public sealed record Target(string Other, double Good, double Goal);
