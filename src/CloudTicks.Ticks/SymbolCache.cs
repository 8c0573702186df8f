using System.Numerics;
using System.Runtime.InteropServices;

namespace CloudTicks.Ticks;

/// <summary>
/// A direct-mapped cache of recent names: a lookup costs a few multiplications and one comparison. A new name replaces the cached name
/// with the same hash, so colliding names, even chosen by an attacker, cost no more than a lookup in the dictionary behind the cache.
/// </summary>
internal sealed class SymbolCache
{
    private const int MinSlots = 64;
    private const int MaxSlots = 1 << 16;
    private const ulong HashMultiplier = 0x9E37_79B9_7F4A_7C15;

    private Entry[] _slots = new Entry[MinSlots];

    /// <summary>Finds the symbol of a name; null if the name is not cached.</summary>
    public Symbol? Find(Market market, ReadOnlySpan<byte> name)
    {
        ref readonly var entry = ref _slots[SlotOf(market, name)];
        return entry.Market == market && name.SequenceEqual(entry.Name) ? entry.Symbol : null;
    }

    /// <param name="market">The market whose feed uses the name.</param>
    /// <param name="known">The number of names in the dictionary. The cache grows to at least as many slots, up to a limit.</param>
    public void Add(Market market, byte[] name, Symbol symbol, int known)
    {
        if (_slots.Length < known && _slots.Length < MaxSlots)
        {
            // The dropped entries are cached again on their next lookup.
            _slots = new Entry[Math.Min(MaxSlots, (int)BitOperations.RoundUpToPowerOf2((uint)known) * 4)];
        }

        _slots[SlotOf(market, name)] = new Entry(name, symbol, market);
    }

    private int SlotOf(Market market, ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length ^ ((ulong)market << 8);
        while (name.Length >= sizeof(ulong))
        {
            hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(name)) * HashMultiplier, 29);
            name = name[sizeof(ulong)..];
        }

        foreach (var character in name)
        {
            hash = (hash << 8) ^ (hash >> 56) ^ character;
        }

        hash *= HashMultiplier;
        return (int)(hash >> 32) & (_slots.Length - 1);
    }

    private readonly record struct Entry(byte[] Name, Symbol Symbol, Market Market);
}
