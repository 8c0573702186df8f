namespace CloudTicks.Functions.Storing;

/// <summary>What StoreTicks leaves out. Section <c>Store</c>.</summary>
internal sealed record StoreOptions
{
    public const string Section = "Store";

    /// <summary>
    /// True, the default, when ticks outside the retention window are not stored. False stores ticks of any age, for a replay that keeps
    /// the times of its recording.
    /// </summary>
    public bool AgeCheck { get; init; } = true;
}
