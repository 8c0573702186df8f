namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>
/// Decides at random where faults occur. Each fault site has a separate generator, so that concurrency does not change its sequence.
/// </summary>
internal sealed class Dice(WorstCaseOptions options, string place)
{
    private readonly Random _random = new(Mix(options.Seed, place));

    /// <summary>Returns true with the configured probability.</summary>
    public bool Hits(double share = 1) => _random.NextDouble() < options.Rate * share;

    /// <summary>Returns a random number from 0 to the bound, exclusive.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>Returns a hash that, unlike string.GetHashCode, is the same in every process.</summary>
    private static int Mix(int seed, string place)
    {
        foreach (var letter in place)
        {
            seed = unchecked((seed * 31) + letter);
        }

        return seed;
    }
}
