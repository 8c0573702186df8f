using System.Text;
using System.Text.Json;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks;

/// <summary>
/// A symbol, identified by its normalised name: <c>EURUSD</c>, <c>AAPL</c>, <c>BRK.A</c>, <c>BTC-USD</c>, <c>O:SPY251219C00650000</c>.
/// The market follows from the name, so that files and users need only the name.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>
{
    /// <summary>Maximum length of a name, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>The message for a text that is not a symbol.</summary>
    public const string Hint = "It is not a symbol. Symbols look like EURUSD, EUR/USD, AAPL, BTC-USD or O:SPY251219C00650000.";

    private readonly byte[] _utf8;
    private readonly byte[] _jsonText;
    private readonly uint _partitionHash;

    internal Symbol(Market market, string name)
    {
        Market = market;
        Name = name;
        _utf8 = Encoding.UTF8.GetBytes(name);
        _jsonText = JsonEncodedText.Encode(name).EncodedUtf8Bytes.ToArray();
        _partitionHash = Murmur2.Hash(_utf8) & int.MaxValue;
    }

    /// <summary>The market.</summary>
    public Market Market { get; }

    /// <summary>The normalised name.</summary>
    public string Name { get; }

    /// <summary>The name in UTF-8, at most <see cref="MaxNameBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The name in UTF-8, escaped for JSON, without quotes.</summary>
    internal ReadOnlySpan<byte> JsonText => _jsonText;

    /// <summary>
    /// Parses a symbol in any common form (<c>EUR/USD</c>, <c>EUR-USD</c>, <c>C:EURUSD</c>, <c>X:BTC-USD</c>, <c>AAPL</c>)
    /// and derives its market from the form. <c>O:</c> means option. <c>X:</c>, or a dash after a crypto currency, means crypto.
    /// <c>C:</c>, a slash, or two known currency or metal codes mean forex. Any other text is a stock.
    /// </summary>
    /// <param name="text">The symbol. Case matters in stock tickers only (BACpL).</param>
    /// <param name="symbol">The symbol, with its name normalised.</param>
    /// <returns>False when the text is empty, too long, begins with a dash like a command-line option, is not valid in its market
    /// (<c>X:</c>), or contains a character that no symbol has; <see cref="HintFor"/> names that character.</returns>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = text?.StartsWith('-') != true && SymbolName.TryNormalise(text, null, isStored: false, out var name, out var market)
            ? new Symbol(market, name)
            : null;
        return symbol is not null;
    }

    /// <summary>Parses a symbol of a known market, for example from that market's feed.</summary>
    /// <param name="symbol">The symbol, with its name normalised.</param>
    /// <returns>False when the text is empty, too long, contains a character that no symbol has, or is not a symbol of the
    /// market.</returns>
    public static bool TryParse(Market market, string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = SymbolName.TryNormalise(text, market, isStored: false, out var name, out _) ? new Symbol(market, name) : null;
        return symbol is not null;
    }

    /// <summary>The message for a text that is not a symbol. It names the invalid character, if there is one.</summary>
    public static string HintFor(string? text) =>
        text is not null && SymbolName.ForeignCharacter(text) is { } character ? $"{Hint} It contains {character}, which no symbol has."
            : Hint;

    /// <summary>
    /// Parses a symbol that is stored in the archive, the table or a file of the collector. It accepts characters that an earlier version
    /// accepted and that <see cref="TryParse(string?, out Symbol?)"/> refuses today, so that stored records stay readable.
    /// </summary>
    /// <returns>
    /// False when the text is empty, too long, contains whitespace, control characters, surrogates or a comma, or is not a symbol of
    /// the market.
    /// </returns>
    public static bool TryParseStored(Market market, string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = SymbolName.TryNormalise(text, market, isStored: true, out var name, out _) ? new Symbol(market, name) : null;
        return symbol is not null;
    }

    /// <summary>The symbol's partition, computed from <see cref="Name"/> as Kafka's default partitioner does.</summary>
    /// <param name="partitions">Number of partitions, at least 1.</param>
    public int PartitionOf(int partitions) => (int)(_partitionHash % (uint)partitions);

    /// <inheritdoc/>
    public bool Equals(Symbol? other) => other is not null && Market == other.Market && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Symbol);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_partitionHash, Market);

    /// <summary>The normalised name.</summary>
    public override string ToString() => Name;
}
