namespace CloudTicks.CentralHub.Rollouts;

/// <summary>The filters that flags may have.</summary>
public static class SymbolFilters
{
    /// <summary>Users, groups and percentages, each with exclusions.</summary>
    public const string Targeting = "Microsoft.Targeting";

    /// <summary>A percentage alone; here the same symbols stay on, where the library's own filter throws dice at each question.</summary>
    public const string Percentage = "Microsoft.Percentage";

    /// <summary>From a time, to a time, and again.</summary>
    public const string TimeWindow = "Microsoft.TimeWindow";

    private const string Prefix = "Microsoft.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Targeting, Percentage, TimeWindow];

    /// <summary>Whether a name means a filter; the library takes it without its first part too, and in any case.</summary>
    public static bool IsSame(string? written, string filter) =>
        string.Equals(written, filter, StringComparison.OrdinalIgnoreCase)
            || string.Equals(written, filter[Prefix.Length..], StringComparison.OrdinalIgnoreCase);
}
