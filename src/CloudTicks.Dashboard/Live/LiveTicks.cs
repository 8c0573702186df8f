using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Live;

/// <summary>The viewers of each symbol. Adding or removing one replaces the map, so that reading it for each tick needs no lock.</summary>
internal sealed class LiveTicks
{
    private readonly Lock _gate = new();
    private volatile Dictionary<Symbol, LiveWindow[]> _watched = [];

    public void Add(Symbol symbol, ReadOnlySpan<byte> json)
    {
        var watched = _watched;
        if (watched.Count == 0 || !watched.TryGetValue(symbol, out var windows))
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
            _watched = new(_watched) { [symbol] = [.. _watched.GetValueOrDefault(symbol, []), window] };
        }
    }

    public void Remove(Symbol symbol, LiveWindow window)
    {
        lock (_gate)
        {
            var next = new Dictionary<Symbol, LiveWindow[]>(_watched);
            next[symbol] = [.. next[symbol].Where(other => other != window)];
            if (next[symbol].Length == 0)
            {
                next.Remove(symbol);
            }

            _watched = next;
        }
    }
}
