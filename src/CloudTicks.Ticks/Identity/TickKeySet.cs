using System.Numerics;

namespace CloudTicks.Ticks.Identity;

/// <summary>A hash set with open addressing that never shrinks. A timestamp of zero marks an empty slot; no stored tick has it.</summary>
public sealed class TickKeySet
{
    private const ulong HashMultiplier = 0x9E37_79B9_7F4A_7C15;

    private TickKey[] _slots;
    private int[] _usedSlots;
    private int _shift;

    /// <param name="capacity">The number of keys that fit before the set grows.</param>
    public TickKeySet(int capacity)
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _slots = new TickKey[slots];
        _usedSlots = new int[slots / 2];
        _shift = ShiftOf(slots);
    }

    /// <summary>The number of keys in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a key.</summary>
    /// <returns>False when the set already has it.</returns>
    public bool Add(TickKey key)
    {
        if (Count == _usedSlots.Length)
        {
            Grow();
        }

        var slot = Find(key);
        if (_slots[slot].TimestampMs != 0)
        {
            return false;
        }

        _slots[slot] = key;
        _usedSlots[Count++] = slot;
        return true;
    }

    /// <summary>Whether the set contains the key.</summary>
    public bool Contains(TickKey key) => _slots[Find(key)].TimestampMs != 0;

    /// <summary>Removes all keys.</summary>
    public void Clear()
    {
        // In a nearly empty set, clearing the used slots is cheaper than clearing the whole array.
        if (Count < _usedSlots.Length / 8)
        {
            foreach (var slot in _usedSlots.AsSpan(0, Count))
            {
                _slots[slot] = default;
            }
        }
        else
        {
            Array.Clear(_slots);
        }

        Count = 0;
    }

    private int Find(TickKey key)
    {
        var slots = _slots;
        // The upper bits of the product spread hashes that differ in few bits.
        var index = (int)((key.Hash * HashMultiplier) >> _shift);
        while (slots[index].TimestampMs != 0 && slots[index] != key)
        {
            index = (index + 1) & (slots.Length - 1);
        }

        return index;
    }

    private void Grow()
    {
        var (old, usedSlots) = (_slots, _usedSlots);
        _slots = new TickKey[old.Length * 2];
        _usedSlots = new int[usedSlots.Length * 2];
        _shift = ShiftOf(_slots.Length);
        for (var index = 0; index < Count; index++)
        {
            var key = old[usedSlots[index]];
            var slot = Find(key);
            _slots[slot] = key;
            _usedSlots[index] = slot;
        }
    }

    private static int ShiftOf(int slots) => 64 - BitOperations.Log2((uint)slots);
}
