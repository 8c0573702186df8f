namespace CloudTicks.Timescale.Storing.Duplicates;

/// <summary>A partition's latest stored ticks, one to two times the capacity, in two generations that replace each other.</summary>
internal sealed class RecentTicks(int capacity)
{
    private TickKeySet _young = new(capacity);
    private TickKeySet _old = new(capacity);

    public bool Contains(TickKey key) => _young.Contains(key) || _old.Contains(key);

    /// <summary>Adds ticks whose transaction has committed.</summary>
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

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
