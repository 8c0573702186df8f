namespace CloudTicks.Cli.Systems;

/// <summary>The state of one part of a running system.</summary>
/// <param name="Name">AppHost's name for the part.</param>
/// <param name="Problem">Why the part is not healthy; null when it is.</param>
internal sealed record PartStatus(string Name, string Address, string? Problem)
{
    /// <summary>The part's figures; null for a part that reports only its health.</summary>
    public string? Figures { get; init; }
}
