namespace CloudTicks.Ticks.Status;

/// <summary>The selected symbols, and whether they match the configuration.</summary>
/// <param name="Symbols">Collected symbols, including option contracts.</param>
/// <param name="OptionsLeftOut">Option contracts that do not fit on the connections.</param>
/// <param name="Refusals">Changes to symbol files that were refused since the start.</param>
/// <param name="Problem">Why the selection is outdated or lacks contracts; null when all is well.</param>
public sealed record SelectionStatus(int Symbols, int Options, int OptionsLeftOut, long Refusals, string? Problem);
