namespace CloudTicks.Ticks.Identity;

/// <summary>Remembers the latest ticks of a partition, between one and two times the capacity, in two generations.</summary>
/// <param name="capacity">Maximum number of ticks per generation, at least 1. Memory is allocated as ticks are added.</param>
public sealed class RecentTicks(int capacity)
{
    private const int InitialCapacity = 1024;

    private TickKeySet _young = new(Math.Min(capacity, InitialCapacity));
    private TickKeySet _old = new(Math.Min(capacity, InitialCapacity));

    /// <summary>Whether a tick is remembered.</summary>
    public bool Contains(TickKey key) => _young.Contains(key) || _old.Contains(key);

    /// <summary>Adds ticks that were processed.</summary>
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

    /// <summary>Removes all ticks.</summary>
    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
