namespace CloudTicks.Benchmarks.HotChange;

/// <summary>The times since the request that added a symbol.</summary>
/// <param name="Symbol">The added symbol.</param>
/// <param name="Accepted">Until the central hub responded.</param>
/// <param name="OnNats">Until a subscriber received its first tick.</param>
/// <param name="InTable">Until a client that queries every few ms saw its first row.</param>
internal sealed record AddedSymbol(string Symbol, TimeSpan Accepted, TimeSpan OnNats, TimeSpan InTable);
