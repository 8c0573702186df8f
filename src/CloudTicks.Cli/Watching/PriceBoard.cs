using CloudTicks.Cli.Tailing;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Watching;

/// <summary>
/// One row for each named symbol, and for each other symbol seen while there are fewer than 2,000 rows. The client's threads write, another
/// thread draws; neither holds the lock for long.
/// </summary>
internal sealed class PriceBoard(SymbolFilter symbols, TimeProvider time)
{
    private const int MaxSymbols = 2_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, PriceRow> _rows =
        new((symbols.Symbols ?? []).ToDictionary(symbol => symbol.Name, symbol => new PriceRow(symbol.Name)), StringComparer.Ordinal);

    private long _refused;
    private long _ticksWithoutRow;

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The number of ticks of symbols that have no row, because the board already had 2,000 rows.</summary>
    public long TicksWithoutRow => Volatile.Read(ref _ticksWithoutRow);

    public void Add(ReadOnlySpan<byte> json)
    {
        if (TickView.Read(json) is not { } tick)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        if (!symbols.Matches(tick.Symbol))
        {
            return;
        }

        lock (_gate)
        {
            if (!_rows.TryGetValue(tick.Symbol, out var row))
            {
                if (_rows.Count >= MaxSymbols)
                {
                    _ticksWithoutRow++;
                    return;
                }

                _rows.Add(tick.Symbol, row = new PriceRow(tick.Symbol));
            }

            row.Add(tick);
        }
    }

    /// <summary>The current rows in order of symbol. Each call updates the rates.</summary>
    public IReadOnlyList<PriceLine> Snapshot()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            return [.. _rows.Values.Select(row => row.Snapshot(now, time))];
        }
    }
}
