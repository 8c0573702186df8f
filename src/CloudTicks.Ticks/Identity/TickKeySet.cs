using System.Numerics;

namespace CloudTicks.Ticks.Identity;

/// <summary>An open-addressing set in one array, kept at its largest. Time zero marks an empty place; no stored tick has it.</summary>
public sealed class TickKeySet
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private TickKey[] _places;
    private int[] _taken;
    private int _shift;

    /// <param name="capacity">Keys that it has room for before it grows.</param>
    public TickKeySet(int capacity)
    {
        var places = (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _places = new TickKey[places];
        _taken = new int[places / 2];
        _shift = ShiftOf(places);
    }

    /// <summary>Keys in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a key.</summary>
    /// <returns>False when the set has it.</returns>
    public bool Add(TickKey key)
    {
        if (Count == _taken.Length)
        {
            Grow();
        }

        var place = Find(key);
        if (_places[place].TimestampMs != 0)
        {
            return false;
        }

        _places[place] = key;
        _taken[Count++] = place;
        return true;
    }

    /// <summary>Whether the set has a key.</summary>
    public bool Contains(TickKey key) => _places[Find(key)].TimestampMs != 0;

    /// <summary>Removes all keys.</summary>
    public void Clear()
    {
        // A batch of ten behind one of ten thousand pays for ten.
        if (Count < _taken.Length / 8)
        {
            foreach (var place in _taken.AsSpan(0, Count))
            {
                _places[place] = default;
            }
        }
        else
        {
            Array.Clear(_places);
        }

        Count = 0;
    }

    private int Find(TickKey key)
    {
        var places = _places;
        // The upper bits of the product: hashes that differ in few bits still lie apart.
        var index = (int)((key.Hash * Spread) >> _shift);
        while (places[index].TimestampMs != 0 && places[index] != key)
        {
            index = (index + 1) & (places.Length - 1);
        }

        return index;
    }

    private void Grow()
    {
        var (old, taken) = (_places, _taken);
        _places = new TickKey[old.Length * 2];
        _taken = new int[taken.Length * 2];
        _shift = ShiftOf(_places.Length);
        for (var index = 0; index < Count; index++)
        {
            var key = old[taken[index]];
            var place = Find(key);
            _places[place] = key;
            _taken[index] = place;
        }
    }

    private static int ShiftOf(int places) => 64 - BitOperations.Log2((uint)places);
}
