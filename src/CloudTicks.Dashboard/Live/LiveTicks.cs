using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Live;

/// <summary>The viewers of each symbol. Adding or removing a viewer replaces the map, so that ticks read the map without a lock.</summary>
internal sealed class LiveTicks
{
    private readonly Lock _gate = new();
    private volatile Dictionary<Symbol, LiveWindow[]> _windowsBySymbol = [];

    public void Add(Symbol symbol, ReadOnlySpan<byte> json)
    {
        var windowsBySymbol = _windowsBySymbol;
        if (windowsBySymbol.Count == 0 || !windowsBySymbol.TryGetValue(symbol, out var windows))
        {
            return;
        }

        foreach (var window in windows)
        {
            window.Add(json);
        }
    }

    public void Add(Symbol symbol, LiveWindow window)
    {
        lock (_gate)
        {
            _windowsBySymbol = new(_windowsBySymbol) { [symbol] = [.. _windowsBySymbol.GetValueOrDefault(symbol, []), window] };
        }
    }

    public void Remove(Symbol symbol, LiveWindow window)
    {
        lock (_gate)
        {
            var nextWindows = new Dictionary<Symbol, LiveWindow[]>(_windowsBySymbol);
            nextWindows[symbol] = [.. nextWindows[symbol].Where(other => other != window)];
            if (nextWindows[symbol].Length == 0)
            {
                nextWindows.Remove(symbol);
            }

            _windowsBySymbol = nextWindows;
        }
    }
}
