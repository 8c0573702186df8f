namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The supported filters of feature flags.</summary>
public static class SymbolFilters
{
    /// <summary>Users, groups and percentages, each with exclusions.</summary>
    public const string Targeting = "Microsoft.Targeting";

    /// <summary>A percentage. Unlike the library's random filter, ours keeps the same symbols on.</summary>
    public const string Percentage = "Microsoft.Percentage";

    /// <summary>A time window, optionally recurring.</summary>
    public const string TimeWindow = "Microsoft.TimeWindow";

    private const string Prefix = "Microsoft.";

    /// <summary>All supported filters.</summary>
    public static IReadOnlyList<string> All { get; } = [Targeting, Percentage, TimeWindow];

    /// <summary>
    /// Returns whether a name refers to a filter. The library also accepts names without the prefix, and ignores letter case.
    /// </summary>
    public static bool IsSame(string? written, string filter) =>
        string.Equals(written, filter, StringComparison.OrdinalIgnoreCase)
            || string.Equals(written, filter[Prefix.Length..], StringComparison.OrdinalIgnoreCase);
}
