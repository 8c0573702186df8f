using System.Diagnostics.CodeAnalysis;
using System.Text;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks;

/// <summary>
/// Finds symbols by their name in UTF-8, without allocating for known names. An instance serves one reader; it is not thread-safe.
/// When it is full, lookups of new names fail, and the reader reports them.
/// </summary>
/// <param name="capacity">Maximum number of names, at least 1.</param>
public sealed class SymbolDictionary(int capacity = SymbolDictionary.DefaultCapacity)
{
    /// <summary>Enough for every US option contract, all stocks and all pairs.</summary>
    public const int DefaultCapacity = 2_000_000;

    private readonly Dictionary<byte[], Symbol>[] _byMarket = new Dictionary<byte[], Symbol>[(int)Market.Crypto + 1];
    private readonly SymbolCache _cache = new();
    private int _count;

    /// <summary>Finds the symbol for a name in a market's feed.</summary>
    /// <param name="name">The name in UTF-8, in any of the market's forms.</param>
    /// <returns>False when the bytes are not a symbol, or the dictionary is full.</returns>
    public bool TryGet(Market market, ReadOnlySpan<byte> name, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = _cache.Find(market, name);
        return symbol is not null || TryFind(market, name, isStored: false, out symbol);
    }

    /// <summary>Finds the symbol for a name in a stored record; see <see cref="Symbol.TryParseStored"/>.</summary>
    /// <param name="name">The name in UTF-8.</param>
    /// <returns>False when the bytes are not a symbol, or the dictionary is full.</returns>
    public bool TryGetStored(Market market, ReadOnlySpan<byte> name, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = _cache.Find(market, name);
        return symbol is not null || TryFind(market, name, isStored: true, out symbol);
    }

    private bool TryFind(Market market, ReadOnlySpan<byte> name, bool isStored, [NotNullWhen(true)] out Symbol? symbol)
    {
        var symbols = _byMarket[(int)market] ??= new Dictionary<byte[], Symbol>(Utf8NameComparer.Instance);
        var byName = symbols.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byName.TryGetValue(name, out var key, out symbol)
            && (!TryAdd(symbols, market, name, isStored, out symbol) || !byName.TryGetValue(name, out key, out symbol)))
        {
            return false;
        }

        _cache.Add(market, key, symbol, _count);
        return true;
    }

    private bool TryAdd(Dictionary<byte[], Symbol> symbols, Market market, ReadOnlySpan<byte> name, bool isStored, out Symbol? symbol)
    {
        symbol = null;
        // Invalid bytes are refused before a string is allocated: a feed may send them in every frame.
        if (_count >= capacity || name.Length > Symbol.MaxNameBytes || (!isStored && !SymbolName.IsName(name))
            || !System.Text.Unicode.Utf8.IsValid(name)
            || !(isStored ? Symbol.TryParseStored(market, Encoding.UTF8.GetString(name), out symbol)
                : Symbol.TryParse(market, Encoding.UTF8.GetString(name), out symbol)))
        {
            return false;
        }

        _count++;
        // All forms of a symbol's name map to one object, so that readers may compare references.
        if (!symbols.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(symbol.Utf8, out var known))
        {
            symbols.Add(symbol.Utf8.ToArray(), known = symbol);
        }

        symbols[name.ToArray()] = symbol = known;
        return true;
    }

    private sealed class Utf8NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8NameComparer Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        // HashCode has a random seed per process, so that a hostile feed cannot choose colliding names.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
