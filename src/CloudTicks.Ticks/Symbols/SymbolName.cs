using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CloudTicks.Ticks.Symbols;

/// <summary>Normalises the forms of a symbol to one name. A normalised name normalises to itself, with the same market.</summary>
internal static class SymbolName
{
    private const string OptionPrefix = "O:";
    private const string CryptoPrefix = "X:";
    private const string ForexPrefix = "C:";
    private const int CodeLength = 3;

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create(
            [.. Enumerable.Range(0, 128).Where(character => IsNameCharacter((char)character)).Select(character => (byte)character)]);

    /// <param name="isStored">Whether an earlier version, which refused fewer characters, may have stored the name.</param>
    /// <param name="name">The normalised name.</param>
    public static bool TryNormalise(
        string? text, Market? knownMarket, bool isStored, [NotNullWhen(true)] out string? name, out Market market)
    {
        name = null;
        market = default;
        if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > Symbol.MaxNameBytes
            || !text.All(isStored ? IsStoredCharacter : IsNameCharacter))
        {
            return false;
        }

        // Lower-case letters carry meaning in stock tickers such as BRKpA, but not in options and pairs.
        market = knownMarket ?? MarketOf(text);
        name = market switch
        {
            Market.Forex => NormaliseForex(text.ToUpperInvariant()),
            Market.Crypto => NormaliseCrypto(text.ToUpperInvariant()),
            Market.Option => NormaliseOption(text.ToUpperInvariant()),
            _ => text,
        };
        return name is not null && Encoding.UTF8.GetByteCount(name) <= Symbol.MaxNameBytes;
    }

    /// <summary>Whether the bytes contain only characters that symbols have.</summary>
    public static bool IsName(ReadOnlySpan<byte> utf8) => !utf8.ContainsAnyExcept(NameBytes);

    /// <summary>The first character that no symbol has, as text for a message; null if there is none.</summary>
    public static string? ForeignCharacter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp || !IsNameCharacter((char)rune.Value))
            {
                var number = $"U+{rune.Value:X4}";
                return IsVisible(rune) ? $"'{rune}' ({number})" : number;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a name may contain a character: printable ASCII without separators and wildcards. Look-alike letters, zero-width spaces and
    /// direction marks would make a different symbol that looks the same.
    /// </summary>
    private static bool IsNameCharacter(char character) => character is > ' ' and <= '~' and not (',' or '*' or '?' or '>');

    private static bool IsStoredCharacter(char character) =>
        !char.IsControl(character) && !char.IsWhiteSpace(character) && !char.IsSurrogate(character) && character != ',';

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);

    private static Market MarketOf(string text)
    {
        var upper = text.ToUpperInvariant();
        if (upper.StartsWith(OptionPrefix, StringComparison.Ordinal))
        {
            return Market.Option;
        }

        if (upper.StartsWith(CryptoPrefix, StringComparison.Ordinal))
        {
            return Market.Crypto;
        }

        if (upper.StartsWith(ForexPrefix, StringComparison.Ordinal) || upper.Contains('/', StringComparison.Ordinal))
        {
            return Market.Forex;
        }

        var dash = upper.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && CurrencyCodes.IsCrypto(upper[..dash]))
        {
            return Market.Crypto;
        }

        return IsCurrencyPair(upper.Replace("-", "", StringComparison.Ordinal)) ? Market.Forex : Market.Stock;
    }

    private static bool IsCurrencyPair(string pair) =>
        pair.Length == 2 * CodeLength && CurrencyCodes.IsCurrency(pair[..CodeLength]) && CurrencyCodes.IsCurrency(pair[CodeLength..]);

    private static string? NormaliseForex(string text)
    {
        var pair = (text.StartsWith(ForexPrefix, StringComparison.Ordinal) ? text[ForexPrefix.Length..] : text)
            .Replace("/", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return pair.Length == 0 || pair.Contains(':', StringComparison.Ordinal) ? null
            : IsCurrencyPair(pair) ? pair
            // An unlisted code keeps the prefix, so that the market still follows from the name.
            : ForexPrefix + pair;
    }

    private static string? NormaliseCrypto(string text)
    {
        var pair = text.StartsWith(CryptoPrefix, StringComparison.Ordinal) ? text[CryptoPrefix.Length..] : text;
        pair = pair.Replace('/', '-');
        if (!pair.Contains('-', StringComparison.Ordinal) && CurrencyCodes.QuoteCurrencyOf(pair) is { } quote)
        {
            pair = $"{pair[..^quote.Length]}-{quote}";
        }

        var dash = pair.IndexOf('-', StringComparison.Ordinal);
        return pair.Length == 0 || dash == 0 || pair.Contains(':', StringComparison.Ordinal) ? null
            : dash > 0 && CurrencyCodes.IsCrypto(pair[..dash]) ? pair
            : CryptoPrefix + pair;
    }

    private static string? NormaliseOption(string text) =>
        text.StartsWith(OptionPrefix, StringComparison.Ordinal) ? (text.Length > OptionPrefix.Length ? text : null) : OptionPrefix + text;
}
