using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Feeds;

/// <summary>
/// Assigns symbols to slots by rendezvous hashing with bounded load: the symbols are sorted by the hash of their names, and each symbol is
/// assigned to the slot with the highest weight among the slots with room. Collectors with the same symbols and slots therefore get the
/// same result, and an added slot or symbol moves few other symbols.
/// </summary>
internal static class SlotAssignment
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public static Dictionary<Symbol, int> Assign(
        IEnumerable<Symbol> symbols, IReadOnlyList<int> slots, int capacity, out IReadOnlyList<Symbol> leftOut)
    {
        var assigned = new Dictionary<Symbol, int>();
        var unassigned = new List<Symbol>();
        var roomBySlot = slots.ToDictionary(slot => slot, _ => capacity);
        foreach (var (hash, symbol) in symbols.Select(symbol => (Hash(symbol), symbol)).OrderBy(pair => pair.Item1)
            .ThenBy(pair => pair.symbol.Name, StringComparer.Ordinal))
        {
            var bestSlot = -1;
            foreach (var slot in slots)
            {
                if (roomBySlot[slot] > 0 && (bestSlot < 0 || Weight(hash, slot) > Weight(hash, bestSlot)))
                {
                    bestSlot = slot;
                }
            }

            if (bestSlot < 0)
            {
                unassigned.Add(symbol);
                continue;
            }

            roomBySlot[bestSlot]--;
            assigned.Add(symbol, bestSlot);
        }

        leftOut = [.. unassigned.OrderBy(symbol => symbol.Name, StringComparer.Ordinal)];
        return assigned;
    }

    private static ulong Hash(Symbol symbol)
    {
        var hash = FnvOffset;
        foreach (var octet in symbol.Utf8)
        {
            hash = (hash ^ octet) * FnvPrime;
        }

        return hash;
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    private static ulong Weight(ulong hash, int slot)
    {
        var mixed = hash + (((ulong)slot + 1) * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
