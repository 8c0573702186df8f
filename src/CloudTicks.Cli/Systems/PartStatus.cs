namespace CloudTicks.Cli.Systems;

/// <summary>A part of a running system, under AppHost's name for it.</summary>
/// <param name="Problem">Why it is not healthy; null when it is.</param>
internal sealed record PartStatus(string Name, string Address, string? Problem)
{
    /// <summary>The part's figures; null for a part that reports only its health.</summary>
    public string? Figures { get; init; }
}
