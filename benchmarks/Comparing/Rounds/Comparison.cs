namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>
/// Runs all sides in each of several rounds, with the order reversed in every other round, so that load on the machine affects all sides
/// equally.
/// </summary>
/// <param name="title">What is compared.</param>
/// <param name="sides">The sides; ours is the first.</param>
/// <param name="targets">The ratios that our side should reach.</param>
public sealed class Comparison(string title, IReadOnlyList<Side> sides, IReadOnlyList<Target> targets)
{
    /// <summary>Runs the rounds, after a warm-up round.</summary>
    /// <param name="rounds">The number of counted rounds, at least 1.</param>
    /// <param name="sameOutput">How it was verified that the sides' output is equal, as a sentence.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>Medians, ratios and ranges.</returns>
    public async Task<ComparisonResult> RunAsync(int rounds, string sameOutput, CancellationToken cancellationToken)
    {
        var passes = sides.Select(_ => new List<Pass>()).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var index in Enumerable.Range(0, sides.Count).OrderBy(index => round % 2 == 0 ? index : -index))
            {
                var pass = await sides[index].RunAsync(cancellationToken);
                if (round >= 0)
                {
                    passes[index].Add(pass);
                }
            }
        }

        return new ComparisonResult(
            title,
            rounds,
            [.. sides.Select((side, index) => SideResult.Of(side.Name, passes[index]))],
            [.. targets.Select(target => Ratio(target, passes))],
            sameOutput);
    }

    private RatioResult Ratio(Target target, List<Pass>[] passes)
    {
        var other = passes[sides.TakeWhile(side => side.Name != target.Other).Count()];
        return RatioResult.Of(target, [.. passes[0].Select(pass => pass.Rate)], [.. other.Select(pass => pass.Rate)]);
    }
}
