namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>
/// Decides at random where faults occur. Each fault site has a separate generator, so that concurrency does not change its sequence.
/// </summary>
internal sealed class Dice(WorstCaseOptions options, string site)
{
    private readonly Random _random = new(Hash(options.Seed, site));

    /// <summary>Returns true with the configured probability, multiplied by the share.</summary>
    public bool Hits(double share = 1) => _random.NextDouble() < options.Rate * share;

    /// <summary>Returns a random number from 0 to the bound, exclusive.</summary>
    public int NextInt(int bound) => _random.Next(bound);

    /// <summary>Returns a hash that, unlike string.GetHashCode, is the same in every process.</summary>
    private static int Hash(int seed, string site)
    {
        foreach (var letter in site)
        {
            seed = unchecked((seed * 31) + letter);
        }

        return seed;
    }
}
