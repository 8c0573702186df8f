namespace CloudTicks.Ticks.Status;

/// <summary>What is selected, and whether the selection follows what was asked for.</summary>
/// <param name="Symbols">Symbols that are collected, option contracts among them.</param>
/// <param name="OptionsLeftOut">Option contracts for which the connections have no room.</param>
/// <param name="Refusals">Changes of files that could not be used, so far.</param>
/// <param name="Problem">Why the selection is an older one, or misses contracts; null when all is well.</param>
public sealed record SelectionStatus(int Symbols, int Options, int OptionsLeftOut, long Refusals, string? Problem);
