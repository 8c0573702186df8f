using System.Text.RegularExpressions;

namespace CloudTicks.Ticks.Symbols;

/// <summary>
/// What a symbol of each market looks like. <see cref="Symbol.TryParse(string?, out Symbol?)"/> takes all that can be written down, so
/// that a symbol which is listed tomorrow can be collected; what does not look like one of its market is doubtful, and enters only by
/// force.
/// </summary>
public static partial class SymbolGrammar
{
    private const int CodeLength = 3;
    private const int OptionTail = 15;
    private const int DayLetters = 6;

    /// <summary>What makes a symbol doubtful, with what was probably meant where its form tells that.</summary>
    /// <returns>Null when nothing does.</returns>
    public static SymbolDoubt? DoubtOf(Symbol symbol) => symbol.Market switch
    {
        Market.Forex => OfPair(symbol.Name),
        Market.Crypto => OfCrypto(symbol.Name),
        Market.Option => OfOption(symbol.Name),
        _ => OfTicker(symbol.Name),
    };

    /// <summary>Whether it is a pair of the currencies and metals that are traded most, which every feed has.</summary>
    public static bool IsMajorPair(Symbol symbol) => symbol.Market == Market.Forex && symbol.Name.Length == 2 * CodeLength
        && CurrencyCodes.IsMajor(symbol.Name[..CodeLength]) && CurrencyCodes.IsMajor(symbol.Name[CodeLength..]);

    private static SymbolDoubt? OfPair(string name)
    {
        var pair = name.StartsWith("C:", StringComparison.Ordinal) ? name[2..] : name;
        if (pair.Length != 2 * CodeLength || !pair.All(char.IsAsciiLetterUpper))
        {
            return new("It is no pair of two currencies, such as EUR/USD; classes of shares have a dot, BRK.B.", null);
        }

        var (left, right) = (pair[..CodeLength], pair[CodeLength..]);
        if (left == right)
        {
            return new($"It is {left} in {left}.", null);
        }

        string[] unknown = [.. new[] { left, right }.Where(code => !CurrencyCodes.IsCurrency(code))];
        return unknown.Length == 0 ? null
            : new($"{string.Join(" and ", unknown)} {(unknown.Length == 1 ? "is" : "are")} no currency of ISO 4217.", NearestPair(pair));
    }

    private static SymbolDoubt? OfCrypto(string name)
    {
        var pair = name.StartsWith("X:", StringComparison.Ordinal) ? name[2..] : name;
        if (pair.Split('-') is not [{ Length: >= 1 and <= 12 } coin, { Length: > 0 } currency] || !coin.All(char.IsAsciiLetterOrDigit))
        {
            return new("It is no pair of a crypto currency and the currency of its price, such as BTC-USD.", null);
        }

        return CurrencyCodes.IsCurrency(currency) || CurrencyCodes.IsCrypto(currency) ? null
            : new($"{currency} is no known currency.", CurrencyCodes.Nearest(currency) is { } near ? $"{coin}-{near}" : null);
    }

    private static SymbolDoubt? OfOption(string name)
    {
        var contract = name[2..];
        if (contract.Length <= OptionTail || !Root().IsMatch(contract[..^OptionTail]))
        {
            return new(
                "It is no option contract: O:, the share's letters, the day as yymmdd, C or P, and the strike in thousandths with eight "
                    + "digits, such as O:SPY251219C00650000.",
                null);
        }

        var tail = contract[^OptionTail..];
        var day = tail[..DayLetters];
        if (!DateOnly.TryParseExact(day, "yyMMdd", out _))
        {
            return new($"Its day {day} is no date as yymmdd.", null);
        }

        if (tail[DayLetters] is not ('C' or 'P'))
        {
            return new($"'{tail[DayLetters]}' stands where C for a call or P for a put is wanted.", null);
        }

        var strike = tail[(DayLetters + 1)..];
        return strike.All(char.IsAsciiDigit) && strike.Any(digit => digit != '0') ? null
            : new($"Its strike {strike} is no price in thousandths with eight digits, such as 00650000 for 650.", null);
    }

    private static SymbolDoubt? OfTicker(string name)
    {
        if (Ticker().IsMatch(name))
        {
            return null;
        }

        var upper = name.ToUpperInvariant();
        return name.StartsWith("I:", StringComparison.OrdinalIgnoreCase) ? new("It is an index, and no indices are collected.", null)
            : Ticker().IsMatch(upper) ? new("Tickers are written in upper-case letters.", upper)
            : new(
                "It is no ticker, such as AAPL, BRK.B or BACpL: up to five letters or digits, a letter first, then at most a suffix.",
                NearestPair(upper));
    }

    /// <summary>Six letters, of which at least one half is a currency, were meant as a pair.</summary>
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

    // Preferred shares, rights and when-issued shares have a lower-case letter behind the root; classes, units and warrants a dot.
    [GeneratedRegex("^[A-Z][A-Z0-9]{0,4}(p[A-Z]?|r)?w?([./][A-Z0-9]{1,3}){0,2}$")]
    private static partial Regex Ticker();
}
