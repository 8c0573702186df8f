namespace CloudTicks.Timescale.Queries;

/// <summary>The symbols of the table at one moment.</summary>
public sealed class SymbolPicture
{
    internal SymbolPicture(long readMs, IReadOnlyDictionary<TickSeries, Tally> series)
    {
        (ReadMs, Series) = (readMs, series);
        Symbols =
        [
            .. series.GroupBy(entry => entry.Key.Symbol, entry => entry.Value)
                .Select(symbol => new SymbolSummary(
                    symbol.Key, symbol.Sum(tally => tally.Count), symbol.Min(tally => tally.FirstMs), symbol.Max(tally => tally.LastMs)))
                .OrderBy(symbol => symbol.Symbol, StringComparer.Ordinal),
        ];
    }

    /// <summary>When it was read, Unix ms, UTC.</summary>
    public long ReadMs { get; }

    /// <summary>The symbols, by name.</summary>
    public IReadOnlyList<SymbolSummary> Symbols { get; }

    /// <summary>The ticks of each symbol and kind.</summary>
    internal IReadOnlyDictionary<TickSeries, Tally> Series { get; }
}
