using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>Frames of the simulator's random walks.</summary>
public static class SyntheticTicks
{
    /// <summary>The number of ticks per millisecond: 100,000 per second.</summary>
    private const int TicksPerMs = 100;

    /// <summary>The number of quotes per trade: Polygon sends about four for stocks.</summary>
    private const int QuotesPerTrade = 4;

    private const int TickerLength = 4;

    /// <summary>The names of the stocks of <see cref="Stocks"/>.</summary>
    public static IReadOnlyList<string> StockNames { get; } = [.. Instrument.DefaultStocks];

    /// <summary>Generates quotes of the simulator's default currency pairs.</summary>
    /// <param name="count">The number of ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Pairs(int count) => Make(Market.Forex, [.. Instrument.DefaultPairs], count);

    /// <summary>Generates ticks of the simulator's default stocks, with four quotes per trade.</summary>
    /// <param name="count">The number of ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Stocks(int count) => Make(Market.Stock, [.. Instrument.DefaultStocks], count);

    /// <summary>Generates ticks of many stocks, with equally many per stock and four quotes per trade.</summary>
    /// <param name="symbols">The number of stocks, up to 26^4.</param>
    /// <param name="count">The number of ticks.</param>
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

    private static string Ticker(int index) => string.Create(TickerLength, index, (letters, number) =>
    {
        for (var place = letters.Length - 1; place >= 0; place--, number /= 26)
        {
            letters[place] = (char)('A' + (number % 26));
        }
    });
}
