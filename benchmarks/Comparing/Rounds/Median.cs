namespace CloudTicks.Benchmarks.Comparing.Rounds;

/// <summary>Calculates medians.</summary>
public static class Median
{
    /// <summary>The middle value, or the mean of the two middle values.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The median.</returns>
    public static double Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
