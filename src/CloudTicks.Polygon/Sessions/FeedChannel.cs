using System.Diagnostics.CodeAnalysis;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Sessions;

/// <summary>A channel: one kind of tick of one symbol.</summary>
public readonly record struct FeedChannel(Symbol Symbol, TickKind Kind)
{
    private const int QuoteCurrencyLength = 3;

    /// <summary>Whether a market has channels of a kind: all have both kinds, except that currencies and metals have no trades.</summary>
    public static bool Exists(Market market, TickKind kind) => market != Market.Forex || kind == TickKind.Quote;

    /// <summary>
    /// The name of the channel in subscriptions: <c>C.EUR/USD</c>, <c>T.BRK.A</c>, <c>Q.O:SPY251219C00650000</c>, <c>XT.BTC-USD</c>.
    /// </summary>
    public override string ToString() => $"{Prefix(Symbol.Market, Kind)}.{FeedSymbol}";

    /// <summary>Parses a channel name of an acknowledgement, whose symbol may be in any form of its market.</summary>
    internal static bool TryParse(Market market, string text, [NotNullWhen(true)] out FeedChannel? channel)
    {
        channel = null;
        // Only the first dot is a separator, because tickers may contain dots.
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !Symbol.TryParse(market, text[(dot + 1)..].Trim(), out var symbol))
        {
            return false;
        }

        foreach (var kind in (ReadOnlySpan<TickKind>)[TickKind.Quote, TickKind.Trade])
        {
            if (Exists(market, kind) && text.AsSpan(0, dot).Trim().SequenceEqual(Prefix(market, kind)))
            {
                channel = new FeedChannel(symbol, kind);
            }
        }

        return channel is not null;
    }

    private static string Prefix(Market market, TickKind kind) => (market, kind) switch
    {
        (Market.Stock or Market.Option, TickKind.Quote) => "Q",
        (Market.Stock or Market.Option, TickKind.Trade) => "T",
        (Market.Forex, TickKind.Quote) => "C",
        (Market.Crypto, TickKind.Quote) => "XQ",
        (Market.Crypto, TickKind.Trade) => "XT",
        _ => throw new ArgumentException($"Polygon has no channel for {market} {kind}s.", nameof(kind)),
    };

    private string FeedSymbol
    {
        get
        {
            if (Symbol.Market is not (Market.Forex or Market.Crypto))
            {
                return Symbol.Name;
            }

            // Names with unknown currency codes have their market's prefix.
            var pair = Symbol.Name[(Symbol.Name.IndexOf(':', StringComparison.Ordinal) + 1)..];
            return Symbol.Market == Market.Crypto || pair.Length <= QuoteCurrencyLength
                ? pair
                : $"{pair[..^QuoteCurrencyLength]}/{pair[^QuoteCurrencyLength..]}";
        }
    }
}
