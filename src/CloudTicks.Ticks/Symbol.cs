using System.Text;
using System.Text.Json;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Ticks;

/// <summary>
/// A symbol under its normalised name: <c>EURUSD</c>, <c>AAPL</c>, <c>BRK.A</c>, <c>BTC-USD</c>, <c>O:SPY251219C00650000</c>.
/// The name alone tells the market, so that it can be written into files and typed by people.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>
{
    /// <summary>Longest name, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>What to say when a text is no symbol.</summary>
    public const string Hint = "It is no symbol, such as EURUSD, EUR/USD, AAPL, BTC-USD or O:SPY251219C00650000.";

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
    /// Reads a symbol in any of the forms in use (<c>EUR/USD</c>, <c>EUR-USD</c>, <c>C:EURUSD</c>, <c>X:BTC-USD</c>, <c>AAPL</c>)
    /// and tells its market by its form: <c>O:</c> option; <c>X:</c>, or a dash behind a crypto currency, crypto; <c>C:</c>, a slash,
    /// or two known currency or metal codes forex; else stock.
    /// </summary>
    /// <param name="text">The symbol. Pairs and options may be in lower-case; in stock tickers case carries meaning (BACpL).</param>
    /// <param name="symbol">The symbol under its normalised name.</param>
    /// <returns> False when the text is empty, too long, begins with a dash as an option of a command line does, or holds a character that
    /// no symbol has; <see cref="HintFor"/> says which. </returns>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = text?.StartsWith('-') != true && SymbolName.TryNormalise(text, null, isStored: false, out var name, out var market)
            ? new Symbol(market, name)
            : null;
        return symbol is not null;
    }

    /// <summary>Reads a symbol of a market that is known, as from a connection to that market's feed.</summary>
    /// <param name="symbol">The symbol under its normalised name.</param>
    /// <returns>False when the text is empty, too long, holds a character that no symbol has, or is no symbol of the market.</returns>
    public static bool TryParse(Market market, string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = SymbolName.TryNormalise(text, market, isStored: false, out var name, out _) ? new Symbol(market, name) : null;
        return symbol is not null;
    }

    /// <summary>What to say when a text is no symbol.</summary>
    /// <returns>Sentences, which name the character that no symbol has, where there is one.</returns>
    public static string HintFor(string? text) =>
        text is not null && SymbolName.ForeignCharacter(text) is { } character ? $"{Hint} It holds {character}, which no symbol has."
            : Hint;

    /// <summary>
    /// Reads a symbol that was stored: in the archive, in the table, in a file of the collector. Programs before took characters that are
    /// refused today at every entrance, and what they stored stays readable.
    /// </summary>
    /// <returns>False when the text is empty, too long, holds blanks, control characters or a comma, or is no symbol of the
    /// market.</returns>
    public static bool TryParseStored(Market market, string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = SymbolName.TryNormalise(text, market, isStored: true, out var name, out _) ? new Symbol(market, name) : null;
        return symbol is not null;
    }

    /// <summary>The symbol's partition, the one that Kafka's default partitioner gives to the key <see cref="Name"/>.</summary>
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
