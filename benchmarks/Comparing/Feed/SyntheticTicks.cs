using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>Frames of the simulator's own walks.</summary>
public static class SyntheticTicks
{
    /// <summary>Ticks of one millisecond: 100,000 a second.</summary>
    private const int TicksPerMs = 100;

    /// <summary>Polygon sends about four stock quotes for a trade.</summary>
    private const int QuotesPerTrade = 4;

    private const int LettersOfATicker = 4;

    /// <summary>The stocks of <see cref="Stocks"/>.</summary>
    public static IReadOnlyList<string> StockNames { get; } = [.. Instrument.DefaultStocks];

    /// <summary>Quotes of the currency pairs that the simulator knows.</summary>
    /// <param name="count">How many ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Pairs(int count) => Make(Market.Forex, [.. Instrument.DefaultPairs], count);

    /// <summary>Four quotes to a trade of the stocks that the simulator knows.</summary>
    /// <param name="count">How many ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Stocks(int count) => Make(Market.Stock, [.. Instrument.DefaultStocks], count);

    /// <summary>Four quotes to a trade of many stocks, each as often as the others.</summary>
    /// <param name="symbols">How many stocks, up to 26^4.</param>
    /// <param name="count">How many ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames ManyStocks(int symbols, int count) =>
        Make(Market.Stock, [.. Enumerable.Range(0, symbols).Select(Ticker)], count);

    private static TickFrames Make(Market market, IReadOnlyList<string> names, int count)
    {
        var (quotes, trades) = (new List<SyntheticChannel>(), new List<SyntheticChannel>());
        foreach (var name in names)
        {
            if (!Symbol.TryParse(market, name, out var symbol))
            {
                throw new ArgumentException($"{name} is not a symbol.", nameof(names));
            }

            var walk = new PriceWalk(Instrument.Of(symbol), Instrument.StableHash(symbol));
            quotes.Add(new SyntheticChannel(new SimulatedChannel(symbol, TickKind.Quote), walk));
            trades.Add(new SyntheticChannel(new SimulatedChannel(symbol, TickKind.Trade), walk));
        }

        var frames = new FrameListBuilder(market);
        var startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (count / TicksPerMs);
        Tick tick = default;
        for (var index = 0; index < count; index++)
        {
            var channels = market == Market.Stock && index / names.Count % (QuotesPerTrade + 1) == QuotesPerTrade ? trades : quotes;
            channels[index % names.Count].Make(startMs + (index / TicksPerMs), ref tick);
            frames.Add(tick);
        }

        return frames.Build();
    }

    private static string Ticker(int index) => string.Create(LettersOfATicker, index, (letters, number) =>
    {
        for (var place = letters.Length - 1; place >= 0; place--, number /= 26)
        {
            letters[place] = (char)('A' + (number % 26));
        }
    });
}
