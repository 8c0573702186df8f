using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>The typical price, decimals and spread of a symbol, from which synthetic prices are generated.</summary>
/// <param name="Decimals">Digits after the decimal point of a price; a point is one unit of the last digit.</param>
internal sealed record Instrument(long Price, int Decimals, int Spread)
{
    private const int MinTickerLength = 1;
    private const int MaxTickerLength = 5;

    private static readonly Dictionary<string, Instrument> Known = new(StringComparer.Ordinal)
    {
        ["EURUSD"] = new(110_010, 5, 8),
        ["XAUUSD"] = new(265_000, 2, 30),
        ["GBPUSD"] = new(129_500, 5, 12),
        ["USDJPY"] = new(148_500, 3, 9),
        ["AUDUSD"] = new(65_500, 5, 10),
        ["USDCAD"] = new(138_200, 5, 14),
        ["NZDUSD"] = new(60_100, 5, 14),
        ["EURGBP"] = new(84_900, 5, 12),
        ["EURJPY"] = new(163_400, 3, 14),
        ["GBPJPY"] = new(192_300, 3, 22),
        ["AUDJPY"] = new(97_300, 3, 15),
        ["NZDJPY"] = new(89_200, 3, 18),
        ["USDCHF"] = new(88_400, 5, 12),
        ["XAGUSD"] = new(310_500, 4, 200),
        ["AAPL"] = new(21_450, 2, 2),
        ["MSFT"] = new(41_800, 2, 4),
        ["NVDA"] = new(11_900, 2, 1),
        ["AMZN"] = new(19_600, 2, 2),
        ["GOOGL"] = new(16_800, 2, 2),
        ["META"] = new(58_300, 2, 8),
        ["TSLA"] = new(24_900, 2, 4),
        ["SPY"] = new(56_200, 2, 1),
        ["IBM"] = new(24_700, 2, 5),
        ["BAC"] = new(4_150, 2, 1),
        ["BTC-USD"] = new(9_612_350, 2, 400),
        ["ETH-USD"] = new(331_240, 2, 30),
        ["SOL-USD"] = new(19_425, 2, 4),
        ["XRP-USD"] = new(231_400, 5, 60),
        ["DOGE-USD"] = new(19_840, 5, 8),
        ["SHIB-USD"] = new(1_234_000, 11, 1_500),
    };

    /// <summary>The pairs that <c>C.*</c> includes from the start.</summary>
    public static IEnumerable<string> DefaultPairs => Of(Market.Forex);

    /// <summary>The stocks that <c>T.*</c> and <c>Q.*</c> include from the start.</summary>
    public static IEnumerable<string> DefaultStocks => Of(Market.Stock);

    /// <summary>The coins that <c>XT.*</c> and <c>XQ.*</c> include from the start.</summary>
    public static IEnumerable<string> DefaultCoins => Of(Market.Crypto);

    /// <summary>Whether the synthetic feed has the symbol: any pair, any plausible US ticker, any well-formed contract name.</summary>
    public static bool Exists(Symbol symbol) => symbol.Market switch
    {
        Market.Forex => symbol.Name.Length == 6 && symbol.Name.All(char.IsAsciiLetterUpper),
        Market.Stock => IsTicker(symbol.Name),
        Market.Option => OptionContract.TryParse(symbol.Name, out _),
        Market.Crypto => IsCoinPair(symbol.Name),
        _ => false,
    };

    /// <summary>
    /// The instrument of a symbol for which <see cref="Exists"/> is true. An unlisted symbol gets a price derived from its name.
    /// </summary>
    public static Instrument Of(Symbol symbol)
    {
        if (Known.TryGetValue(symbol.Name, out var known))
            return known;
        var variation = StableHash(symbol) % 1000;
        return symbol.Market switch
        {
            Market.Stock => new Instrument(1_000 + (40 * (long)variation), 2, 1 + (int)(variation % 5)),
            Market.Option => new Instrument(40 + (4 * (long)variation), 2, 2 + (int)(variation % 9)),
            Market.Crypto => new Instrument(50_000 + (90 * (long)variation), 4, 20),
            _ when symbol.Name.EndsWith("JPY", StringComparison.Ordinal) => new Instrument(80_000 + (100 * (long)variation), 3, 15),
            _ => new Instrument(60_000 + (90 * (long)variation), 5, 12),
        };
    }

    /// <summary>A hash of the symbol's name that is the same in every process.</summary>
    public static uint StableHash(Symbol symbol)
    {
        var hash = 2_166_136_261;
        foreach (var letter in symbol.Utf8)
            hash = unchecked((hash ^ letter) * 16_777_619);
        return hash;
    }

    private static IEnumerable<string> Of(Market market) =>
        Known.Keys.Where(name => Symbol.TryParse(name, out var symbol) && symbol.Market == market);

    private static bool IsCoinPair(string name)
    {
        var pair = name.StartsWith("X:", StringComparison.Ordinal) ? name[2..] : name;
        return pair.Split('-') is [{ Length: > 0 } coin, { Length: > 0 } currency] && coin.Concat(currency).All(char.IsAsciiLetterOrDigit);
    }

    private static bool IsTicker(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var root = dot < 0 ? name : name[..dot];
        return root.Length is >= MinTickerLength and <= MaxTickerLength && root.All(char.IsAsciiLetterUpper)
            && (dot < 0 || (name.Length - dot is 2 or 3 && name[(dot + 1)..].All(char.IsAsciiLetterUpper)));
    }
}
