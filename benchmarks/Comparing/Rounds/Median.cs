namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>The median.</summary>
public static class Median
{
    /// <summary>The middle of the values, or the mean of the two in the middle.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The median.</returns>
    public static double Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
