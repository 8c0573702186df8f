using System.Text.RegularExpressions;

namespace CloudTicks.Ticks.Symbols;

/// <summary>
/// The grammar of the symbols of each market. <see cref="Symbol.TryParse(string?, out Symbol?)"/> is more lenient, so that a symbol in a
/// future form can be collected. A symbol that does not match its market's grammar is doubtful and needs <c>--force</c>.
/// </summary>
public static partial class SymbolGrammar
{
    private const int CodeLength = 3;
    private const int OptionTailLength = 15;
    private const int ExpiryLength = 6;

    /// <summary>Explains why a symbol is doubtful, and suggests the symbol that was probably meant.</summary>
    /// <returns>Null when it is not doubtful.</returns>
    public static SymbolWarning? WarningOf(Symbol symbol) => symbol.Market switch
    {
        Market.Forex => CheckPair(symbol.Name),
        Market.Crypto => CheckCrypto(symbol.Name),
        Market.Option => CheckOption(symbol.Name),
        _ => CheckTicker(symbol.Name),
    };

    /// <summary>Whether a symbol is a pair of the most traded currencies and metals, which every feed has.</summary>
    public static bool IsMajorPair(Symbol symbol) => symbol.Market == Market.Forex && symbol.Name.Length == 2 * CodeLength
        && CurrencyCodes.IsMajor(symbol.Name[..CodeLength]) && CurrencyCodes.IsMajor(symbol.Name[CodeLength..]);

    private static SymbolWarning? CheckPair(string name)
    {
        var pair = name.StartsWith("C:", StringComparison.Ordinal) ? name[2..] : name;
        if (pair.Length != 2 * CodeLength || !pair.All(char.IsAsciiLetterUpper))
        {
            return new("It is not a currency pair like EUR/USD. Share classes have a dot, such as BRK.B.", null);
        }

        var (left, right) = (pair[..CodeLength], pair[CodeLength..]);
        if (left == right)
        {
            return new($"Both of its currencies are {left}.", null);
        }

        string[] unknown = [.. new[] { left, right }.Where(code => !CurrencyCodes.IsCurrency(code))];
        return unknown.Length == 0 ? null
            : new(
                $"{string.Join(" and ", unknown)} {(unknown.Length == 1 ? "is not a currency" : "are not currencies")} of ISO 4217.",
                NearestPair(pair));
    }

    private static SymbolWarning? CheckCrypto(string name)
    {
        var pair = name.StartsWith("X:", StringComparison.Ordinal) ? name[2..] : name;
        if (pair.Split('-') is not [{ Length: >= 1 and <= 12 } coin, { Length: > 0 } currency] || !coin.All(char.IsAsciiLetterOrDigit))
        {
            return new("It is not a pair of a cryptocurrency and a quote currency, like BTC-USD.", null);
        }

        return CurrencyCodes.IsCurrency(currency) || CurrencyCodes.IsCrypto(currency) ? null
            : new($"{currency} is not a known currency.", CurrencyCodes.Nearest(currency) is { } near ? $"{coin}-{near}" : null);
    }

    private static SymbolWarning? CheckOption(string name)
    {
        var contract = name[2..];
        if (contract.Length <= OptionTailLength || !Root().IsMatch(contract[..^OptionTailLength]))
        {
            return new(
                "It is not an option contract. Write O:, the ticker, the expiry as yymmdd, C or P, and the strike in thousandths with "
                    + "eight digits, such as O:SPY251219C00650000.",
                null);
        }

        var tail = contract[^OptionTailLength..];
        var day = tail[..ExpiryLength];
        if (!DateOnly.TryParseExact(day, "yyMMdd", out _))
        {
            return new($"Its expiry {day} is not a date in the form yymmdd.", null);
        }

        if (tail[ExpiryLength] is not ('C' or 'P'))
        {
            return new($"It has '{tail[ExpiryLength]}' instead of C for a call or P for a put.", null);
        }

        var strike = tail[(ExpiryLength + 1)..];
        return strike.All(char.IsAsciiDigit) && strike.Any(digit => digit != '0') ? null
            : new($"Its strike {strike} is not a price in thousandths with eight digits, such as 00650000 for 650.", null);
    }

    private static SymbolWarning? CheckTicker(string name)
    {
        if (Ticker().IsMatch(name))
        {
            return null;
        }

        var upper = name.ToUpperInvariant();
        return name.StartsWith("I:", StringComparison.OrdinalIgnoreCase) ? new("It is an index. Indices are not collected.", null)
            : Ticker().IsMatch(upper) ? new("Tickers are written in upper-case letters.", upper)
            : new(
                "It is not a ticker like AAPL, BRK.B or BACpL: a letter, up to four more letters or digits, and an optional suffix.",
                NearestPair(upper));
    }

    /// <summary>Suggests a pair for six letters of which one half is a known code, or for a crypto pair without a dash.</summary>
    private static string? NearestPair(string letters)
    {
        if (letters.Length == 2 * CodeLength)
        {
            var (left, right) = (letters[..CodeLength], letters[CodeLength..]);
            if (CurrencyCodes.IsCrypto(left) && CurrencyCodes.Nearest(right) is { } price)
            {
                return $"{left}-{price}";
            }

            return (CurrencyCodes.IsCurrency(left) || CurrencyCodes.IsCurrency(right))
                && CurrencyCodes.Nearest(left) is { } first && CurrencyCodes.Nearest(right) is { } second && first != second
                ? first + second : null;
        }

        return CurrencyCodes.QuoteCurrencyOf(letters) is { } quote && CurrencyCodes.IsCrypto(letters[..^quote.Length])
            ? $"{letters[..^quote.Length]}-{quote}" : null;
    }

    [GeneratedRegex("^[A-Z][A-Z0-9]{0,5}$")]
    private static partial Regex Root();

    // Preferred shares, rights and when-issued shares have a lower-case letter after the root; classes, units and warrants a dot.
    [GeneratedRegex("^[A-Z][A-Z0-9]{0,4}(p[A-Z]?|r)?w?([./][A-Z0-9]{1,3}){0,2}$")]
    private static partial Regex Ticker();
}
