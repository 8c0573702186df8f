namespace CloudTicks.Benchmarks.HotChange;

/// <summary>How long it took from the request that added a symbol.</summary>
/// <param name="Symbol">Which.</param>
/// <param name="Accepted">Until the hub answered.</param>
/// <param name="OnNats">Until a subscriber had its first tick.</param>
/// <param name="InTable">Until its first row was committed, as a client that asks every few ms sees it.</param>
internal sealed record AddedSymbol(string Symbol, TimeSpan Accepted, TimeSpan OnNats, TimeSpan InTable);
