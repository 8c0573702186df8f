using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

internal static class SubscriptionPlan
{
    /// <summary>Creates the plan from the settings.</summary>
    /// <exception cref="CollectorException">A symbol is invalid, a list cannot be read, or nothing would be collected.</exception>
    public static IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> Create(CollectorOptions options) =>
        Create(new SelectedSymbols(ConfiguredSymbols.Read(options), options.Feed));

    /// <summary>Creates the plan in the order of the symbols, without those that have no ticks of the wanted kind.</summary>
    /// <exception cref="CollectorException">Nothing would be collected.</exception>
    public static IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> Create(SelectedSymbols selected)
    {
        var plan = selected.Symbols.SelectMany(symbol => ChannelsOf(symbol, selected.Feed))
            .GroupBy(channel => channel.Symbol.Market)
            .ToDictionary(market => market.Key, market => (IReadOnlyList<FeedChannel>)[.. market]);
        return plan.Count > 0 || selected.Symbols.Count == 0 ? plan : throw new CollectorException(
            $"Collector:Feed is trades, but neither {selected.Symbols[0]} nor any other symbol has trades: currencies and metals have "
                + "quotes only. Set Collector:Feed to quotes or both.");
    }

    private static IEnumerable<FeedChannel> ChannelsOf(Symbol symbol, FeedSelection? feed)
    {
        TickKind[] wanted = feed switch
        {
            FeedSelection.Quotes => [TickKind.Quote],
            FeedSelection.Trades => [TickKind.Trade],
            _ => [TickKind.Quote, TickKind.Trade],
        };
        return wanted.Where(kind => FeedChannel.Exists(symbol.Market, kind)).Select(kind => new FeedChannel(symbol, kind));
    }
}
