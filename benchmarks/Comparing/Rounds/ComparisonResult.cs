namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>The result of a comparison.</summary>
/// <param name="Title">What was compared.</param>
/// <param name="Rounds">The number of counted rounds.</param>
/// <param name="Sides">The result of each side.</param>
/// <param name="Ratios">The ratio of our side to each side that has a target.</param>
/// <param name="SameOutput">How it was verified that the sides' output is equal.</param>
public sealed record ComparisonResult(
    string Title, int Rounds, IReadOnlyList<SideResult> Sides, IReadOnlyList<RatioResult> Ratios, string SameOutput);

/// <summary>The result of one side.</summary>
/// <param name="Name">The side's name.</param>
/// <param name="TicksPerSecond">The median rate, ticks/s.</param>
/// <param name="Slowest">The slowest round, ticks/s.</param>
/// <param name="Fastest">The fastest round, ticks/s.</param>
/// <param name="BytesPerTick">The median number of bytes per tick that were allocated on the managed heap; null if unknown.</param>
public sealed record SideResult(string Name, double TicksPerSecond, double Slowest, double Fastest, double? BytesPerTick)
{
    internal static SideResult Of(string name, IReadOnlyList<Pass> passes)
    {
        var rates = passes.Select(pass => pass.Rate).ToList();
        var bytes = passes.Where(pass => pass.AllocatedBytes is not null).Select(pass => (double)pass.AllocatedBytes!.Value / pass.Ticks)
            .ToList();
        return new SideResult(name, Median.Of(rates), rates.Min(), rates.Max(), bytes.Count == 0 ? null : Median.Of(bytes));
    }
}

/// <summary>The ratio of our side to another one.</summary>
/// <param name="Other">The other side.</param>
/// <param name="Ratio">Our median rate divided by the other side's.</param>
/// <param name="Lowest">The lowest ratio of a round.</param>
/// <param name="Highest">The highest ratio of a round.</param>
/// <param name="Good">The minimum ratio for the verdict <c>good</c>.</param>
/// <param name="Goal">The minimum ratio for the verdict <c>goal</c>.</param>
public sealed record RatioResult(string Other, double Ratio, double Lowest, double Highest, double Good, double Goal)
{
    /// <summary>The verdict: <c>goal</c>, <c>good</c> or <c>below</c>.</summary>
    public string Verdict => Ratio >= Goal ? "goal" : Ratio >= Good ? "good" : "below";

    internal static RatioResult Of(Target target, IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        var roundRatios = ours.Zip(theirs, (our, their) => our / their).ToList();
        return new RatioResult(
            target.Other, Median.Of(ours) / Median.Of(theirs), roundRatios.Min(), roundRatios.Max(), target.Good, target.Goal);
    }
}
