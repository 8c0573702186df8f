namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The supported filters of feature flags.</summary>
public static class SymbolFilters
{
    /// <summary>The filter by users, groups and percentages; users and groups can be excluded.</summary>
    public const string Targeting = "Microsoft.Targeting";

    /// <summary>
    /// The filter by percentage. The library's filter is random; CloudTicks replaces it, so that the same symbols stay on.
    /// </summary>
    public const string Percentage = "Microsoft.Percentage";

    /// <summary>The filter by time window, which may recur.</summary>
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
