namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>Decides about faults. Every place has its own dice, so that concurrency does not change its numbers.</summary>
internal sealed class Dice(WorstCaseOptions options, string place)
{
    private readonly Random _random = new(Mix(options.Seed, place));

    /// <summary>True with the configured rate.</summary>
    public bool Hits(double share = 1) => _random.NextDouble() < options.Rate * share;

    /// <summary>A number from 0 to below a bound.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>Unlike the hash of a string, the same in every process.</summary>
    private static int Mix(int seed, string place)
    {
        foreach (var letter in place)
        {
            seed = unchecked((seed * 31) + letter);
        }

        return seed;
    }
}
