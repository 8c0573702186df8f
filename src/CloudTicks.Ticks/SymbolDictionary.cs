using System.Diagnostics.CodeAnalysis;
using System.Text;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks;

/// <summary>
/// Finds symbols by the bytes under which a feed or a record names them, without allocating for a name seen before. One object
/// serves one reader; it is not thread-safe. It is bounded: names beyond the bound are not known, which the reader reports.
/// </summary>
/// <param name="capacity">Most names held, at least 1.</param>
public sealed class SymbolDictionary(int capacity = SymbolDictionary.DefaultCapacity)
{
    /// <summary>Room for every US option contract, with its stocks and pairs.</summary>
    public const int DefaultCapacity = 2_000_000;

    private readonly Dictionary<byte[], Symbol>[] _byMarket = new Dictionary<byte[], Symbol>[(int)Market.Crypto + 1];
    private readonly SymbolCache _latest = new();
    private int _count;

    /// <summary>The symbol that a market's feed names so.</summary>
    /// <param name="name">The name in UTF-8, in any of the market's forms.</param>
    /// <returns>False when the bytes are no symbol, or the dictionary is full.</returns>
    public bool TryGet(Market market, ReadOnlySpan<byte> name, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = _latest.Find(market, name);
        return symbol is not null || TryFind(market, name, isStored: false, out symbol);
    }

    /// <summary>The symbol that a stored record names so; see <see cref="Symbol.TryParseStored"/>.</summary>
    /// <param name="name">The name in UTF-8.</param>
    /// <returns>False when the bytes are no symbol, or the dictionary is full.</returns>
    public bool TryGetStored(Market market, ReadOnlySpan<byte> name, [NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = _latest.Find(market, name);
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

        _latest.Add(market, key, symbol, _count);
        return true;
    }

    private bool TryAdd(Dictionary<byte[], Symbol> symbols, Market market, ReadOnlySpan<byte> name, bool isStored, out Symbol? symbol)
    {
        symbol = null;
        // What no symbol has is seen before a text is made of it: a feed may send it in every frame.
        if (_count >= capacity || name.Length > Symbol.MaxNameBytes || (!isStored && !SymbolName.IsName(name))
            || !System.Text.Unicode.Utf8.IsValid(name)
            || !(isStored ? Symbol.TryParseStored(market, Encoding.UTF8.GetString(name), out symbol)
                : Symbol.TryParse(market, Encoding.UTF8.GetString(name), out symbol)))
        {
            return false;
        }

        _count++;
        // One object a symbol, under however many names, so that readers may compare references.
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

        // Keyed at random by the runtime, so that a hostile feed cannot choose names that collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
