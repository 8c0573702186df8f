using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Queries;

/// <summary>The symbols of the table at one moment.</summary>
public sealed class SymbolPicture
{
    internal SymbolPicture(long readMs, IReadOnlyDictionary<TickSeries, Tally> series, IReadOnlyDictionary<TickSeries, Tally> today)
    {
        (ReadMs, Series, Today) = (readMs, series, today);
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

    /// <summary>The smallest time of a symbol's ticks of one kind, Unix ms, UTC; null when the table has none.</summary>
    public long? FirstMsOf(string symbol, TickKind kind) =>
        Series.TryGetValue(new TickSeries(symbol, kind.Name()), out var tally) ? tally.FirstMs : null;

    internal IReadOnlyDictionary<TickSeries, Tally> Series { get; }

    /// <summary>Those of the session in which it was read: chunks are whole hours, so that none belongs to two.</summary>
    internal IReadOnlyDictionary<TickSeries, Tally> Today { get; }
}
