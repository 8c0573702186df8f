using System.Numerics;
using System.Runtime.InteropServices;

namespace CloudTicks.Ticks;

/// <summary>
/// The names that were asked for lately, each in the one place that its hash gives it: a look-up is a multiplication or two and one
/// comparison. It forgets rather than searches, so that names that collide, whoever chose them, cost no more than the dictionary behind it.
/// </summary>
internal sealed class SymbolCache
{
    private const int FewestPlaces = 64;
    private const int MostPlaces = 1 << 16;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private Entry[] _places = new Entry[FewestPlaces];

    /// <summary>The symbol that was added last under the name; null when another took its place, or none was.</summary>
    public Symbol? Find(Market market, ReadOnlySpan<byte> name)
    {
        ref readonly var entry = ref _places[PlaceOf(market, name)];
        return entry.Market == market && name.SequenceEqual(entry.Name) ? entry.Symbol : null;
    }

    /// <param name="market">The market of the feed that names the symbol so.</param>
    /// <param name="known">How many names the dictionary knows: there are at least as many places, up to a bound.</param>
    public void Add(Market market, byte[] name, Symbol symbol, int known)
    {
        if (_places.Length < known && _places.Length < MostPlaces)
        {
            // What is forgotten comes back when it is asked for.
            _places = new Entry[Math.Min(MostPlaces, (int)BitOperations.RoundUpToPowerOf2((uint)known) * 4)];
        }

        _places[PlaceOf(market, name)] = new Entry(name, symbol, market);
    }

    private int PlaceOf(Market market, ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length ^ ((ulong)market << 8);
        while (name.Length >= sizeof(ulong))
        {
            hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(name)) * Spread, 29);
            name = name[sizeof(ulong)..];
        }

        foreach (var letter in name)
        {
            hash = (hash << 8) ^ (hash >> 56) ^ letter;
        }

        hash *= Spread;
        return (int)(hash >> 32) & (_places.Length - 1);
    }

    private readonly record struct Entry(byte[] Name, Symbol Symbol, Market Market);
}
