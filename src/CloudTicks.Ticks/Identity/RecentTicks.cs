namespace CloudTicks.Ticks.Identity;

/// <summary>The latest ticks of a partition, one to two times the capacity, in two generations that replace each other.</summary>
/// <param name="capacity">At least 1. Memory is taken as ticks come.</param>
public sealed class RecentTicks(int capacity)
{
    private const int FirstRoom = 1024;

    private TickKeySet _young = new(Math.Min(capacity, FirstRoom));
    private TickKeySet _old = new(Math.Min(capacity, FirstRoom));

    /// <summary>Whether a tick is among them.</summary>
    public bool Contains(TickKey key) => _young.Contains(key) || _old.Contains(key);

    /// <summary>Adds ticks that are done with: stored, or sent.</summary>
    public void Add(ReadOnlySpan<TickKey> keys)
    {
        foreach (var key in keys)
        {
            if (_young.Count >= capacity)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }

            _young.Add(key);
        }
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
