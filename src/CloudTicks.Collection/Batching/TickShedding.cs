using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Drops ticks while the spool is nearly full or full. While the spool is nearly full, all trades are kept, but only the last quote of each
/// symbol and second: a quote is held until a quote of another second arrives or the caller releases it. While the spool is full, all ticks
/// are dropped. Dropped ticks are counted and reported as one interval per symbol, kind and cause. Allocates per symbol, not per tick. Not
/// thread-safe: one loop uses it.
/// </summary>
internal sealed class TickShedding(SpoolCounters counters, Action<MissedTicks> reportMissed)
{
    private const long SecondMs = 1_000;

    private readonly Dictionary<Symbol, SymbolShedding> _symbols = [];
    private SpoolPressure _pressure;

    /// <summary>Whether every tick must pass <see cref="Admit"/>, because ticks are being dropped or quotes are still held.</summary>
    public bool IsActive { get; private set; }

    /// <param name="olderQuote">An older quote of the symbol that the caller must pack; null when there is none.</param>
    /// <returns>Whether the caller must pack the tick itself.</returns>
    public bool Admit(SpoolPressure pressure, int partition, scoped in Tick tick, long now, out HeldQuote? olderQuote)
    {
        SetPressure(pressure);
        olderQuote = null;
        if (!_symbols.TryGetValue(tick.Symbol, out var symbol))
        {
            _symbols.Add(tick.Symbol, symbol = new SymbolShedding(tick.Symbol, partition, reportMissed));
        }

        if (pressure == SpoolPressure.Refuse)
        {
            counters.Refused();
            symbol.Refused(tick.Kind).Add(tick.TimestampMs);
            return false;
        }

        var held = symbol.Held;
        if (tick.Kind != TickKind.Quote || (pressure == SpoolPressure.None && !held.IsFull))
        {
            return true;
        }

        if (held.IsFull && pressure == SpoolPressure.Conflate && held.TimestampMs / SecondMs == tick.TimestampMs / SecondMs)
        {
            counters.Conflated();
            symbol.Conflated.Add(held.TimestampMs);
        }
        else if (held.IsFull)
        {
            olderQuote = symbol.Swap();
        }

        symbol.Held.Hold(tick, now);
        return false;
    }

    /// <summary>Applies the current pressure. Must also be called while no tick arrives.</summary>
    public void SetPressure(SpoolPressure pressure)
    {
        if (pressure == _pressure)
        {
            return;
        }

        _pressure = pressure;
        IsActive = true;
        if (pressure != SpoolPressure.Refuse)
        {
            Close(isAll: pressure == SpoolPressure.None);
        }
    }

    /// <summary>
    /// The held quotes to release: all of them if <paramref name="isAll"/> is true or the spool has room again; otherwise those whose
    /// <see cref="HeldQuote.HeldAt"/> satisfies <paramref name="isDue"/>.
    /// </summary>
    public IEnumerable<HeldQuote> DueQuotes(bool isAll, Func<long, bool> isDue)
    {
        foreach (var symbol in _symbols.Values)
        {
            if (symbol.Held.IsFull && (isAll || _pressure == SpoolPressure.None || isDue(symbol.Held.HeldAt)))
            {
                yield return symbol.Held;
            }
        }

        if (_pressure == SpoolPressure.None)
        {
            IsActive = false;
        }
    }

    public void End() => Close(isAll: true);

    private void Close(bool isAll)
    {
        foreach (var symbol in _symbols.Values)
        {
            symbol.Refused(TickKind.Quote).Close();
            symbol.Refused(TickKind.Trade).Close();
            if (isAll)
            {
                symbol.Conflated.Close();
            }
        }
    }

    private sealed class SymbolShedding(Symbol symbol, int partition, Action<MissedTicks> reportMissed)
    {
        private readonly SheddingGap _refusedQuotes = new(symbol, TickKind.Quote, MissedTicks.SpoolFull, reportMissed);
        private readonly SheddingGap _refusedTrades = new(symbol, TickKind.Trade, MissedTicks.SpoolFull, reportMissed);
        private HeldQuote _spareQuote = new(symbol, partition);

        public HeldQuote Held { get; private set; } = new(symbol, partition);

        public SheddingGap Conflated { get; } = new(symbol, TickKind.Quote, MissedTicks.Conflated, reportMissed);

        public SheddingGap Refused(TickKind kind) => kind == TickKind.Quote ? _refusedQuotes : _refusedTrades;

        public HeldQuote Swap()
        {
            (Held, _spareQuote) = (_spareQuote, Held);
            return _spareQuote;
        }
    }
}
