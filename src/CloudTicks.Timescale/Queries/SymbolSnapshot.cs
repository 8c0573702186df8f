using CloudTicks.Ticks;

namespace CloudTicks.Timescale.Queries;

/// <summary>A snapshot of the symbols of the table.</summary>
public sealed class SymbolSnapshot
{
    internal SymbolSnapshot(long readMs, IReadOnlyDictionary<TickSeries, Tally> series, IReadOnlyDictionary<TickSeries, Tally> today)
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

    /// <summary>When the snapshot was read, Unix ms, UTC.</summary>
    public long ReadMs { get; }

    /// <summary>The symbols, sorted by name.</summary>
    public IReadOnlyList<SymbolSummary> Symbols { get; }

    /// <summary>The time of a symbol's oldest tick of one kind, Unix ms, UTC; null if there is none.</summary>
    public long? FirstMsOf(string symbol, TickKind kind) =>
        Series.TryGetValue(new TickSeries(symbol, kind.Name()), out var tally) ? tally.FirstMs : null;

    internal IReadOnlyDictionary<TickSeries, Tally> Series { get; }

    /// <summary>The tally of each series in today's session. A chunk covers at most one hour, so that it belongs to one session.</summary>
    internal IReadOnlyDictionary<TickSeries, Tally> Today { get; }
}
