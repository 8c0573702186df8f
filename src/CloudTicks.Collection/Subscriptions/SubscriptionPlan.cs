using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Subscriptions;

/// <summary>Which channels each market's connection subscribes to.</summary>
internal static class SubscriptionPlan
{
    /// <summary>Makes the plan; symbols that come twice, under whatever names, count once.</summary>
    /// <exception cref="CollectorException">A symbol is none, or nothing of it would be collected.</exception>
    public static IReadOnlyDictionary<Market, IReadOnlyList<Channel>> Create(CollectorOptions options)
    {
        var symbols = new HashSet<Symbol>();
        foreach (var text in options.Symbols is { Count: > 0 } configured ? (IEnumerable<string>)configured : CollectorOptions.DefaultSymbols)
        {
            symbols.Add(Symbol.TryParse(text, out var symbol) ? symbol : throw new CollectorException(
                $"Collector:Symbols has '{text}', which is no symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as O:SPY251219C00650000."));
        }

        return symbols.OrderBy(symbol => symbol.Name, StringComparer.Ordinal)
            .GroupBy(symbol => symbol.Market)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<Channel>)[.. group.SelectMany(symbol => ChannelsOf(symbol, options.Feed))]);
    }

    private static Channel[] ChannelsOf(Symbol symbol, FeedSelection? feed)
    {
        TickKind[] wanted = feed switch
        {
            FeedSelection.Quotes => [TickKind.Quote],
            FeedSelection.Trades => [TickKind.Trade],
            _ => [TickKind.Quote, TickKind.Trade],
        };
        var channels = wanted.Where(kind => Channel.Exists(symbol.Market, kind)).Select(kind => new Channel(symbol, kind)).ToArray();
        return channels.Length > 0 ? channels : throw new CollectorException(
            $"Collector:Feed is trades, but {symbol} has none: currencies and metals are quoted only. Set it to quotes or both, or leave the symbol out.");
    }
}
