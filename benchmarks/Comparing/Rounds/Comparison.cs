namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>
/// Runs all sides in each of several rounds, each round the other way round: what disturbs the machine disturbs them all.
/// </summary>
/// <param name="title">What is compared.</param>
/// <param name="sides">Ours first.</param>
/// <param name="targets">What ours is to reach.</param>
public sealed class Comparison(string title, IReadOnlyList<Side> sides, IReadOnlyList<Target> targets)
{
    /// <summary>Runs the rounds, after one that is not counted.</summary>
    /// <param name="rounds">Rounds that count, at least 1.</param>
    /// <param name="sameOutput">How it was made sure that the sides produce the same; a sentence.</param>
    /// <param name="cancellationToken">Ends it.</param>
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
