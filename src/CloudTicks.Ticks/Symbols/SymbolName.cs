using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CloudTicks.Ticks.Symbols;

/// <summary>The many ways to write a symbol, brought to one. A normalised name normalises to itself, with the same market.</summary>
internal static class SymbolName
{
    private const string OptionPrefix = "O:";
    private const string CryptoPrefix = "X:";
    private const string ForexPrefix = "C:";
    private const int CodeLength = 3;

    public static bool TryNormalise(string? text, Market? knownMarket, [NotNullWhen(true)] out string? name, out Market market)
    {
        name = null;
        market = default;
        if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > Symbol.MaxNameBytes || !text.All(IsNameCharacter))
        {
            return false;
        }

        // Only options and pairs are upper-case by nature: stock tickers such as BRKpA carry meaning in lower-case letters.
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

    private static bool IsNameCharacter(char character) =>
        !char.IsControl(character) && !char.IsWhiteSpace(character) && !char.IsSurrogate(character) && character != ',';

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
            // A code that is not in the list yet keeps the prefix, so that the name still tells the market.
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
