using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.History;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Rest;

/// <summary>Serves <c>/v3/trades/{ticker}</c> and <c>/v3/quotes/{ticker}</c> from the generated ticks.</summary>
internal sealed class TicksEndpoint(ChannelDirectory channels, TickHistory history)
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 50_000;

    public IResult Get(HttpRequest request, string ticker, TickKind kind)
    {
        // Polygon has no quote history for crypto, and no trades of currencies.
        var isKnown = TickerName.TryParse(ticker, out var symbol);
        if (isKnown && (symbol!.Market, kind) is (Market.Crypto, TickKind.Quote) or (Market.Forex, TickKind.Trade))
            return RestResponse.NotFound($"There is no history of {(kind == TickKind.Quote ? "quotes" : "trades")} of {ticker}.");
        var cursor = PageCursor.Of(request);
        cursor.Parameters.Choice("sort", "timestamp");
        var range = TimeRange.Of(cursor.Parameters);
        var ascending = cursor.Parameters.IsAscending(isAscendingByDefault: false);
        var limit = cursor.Parameters.Limit(DefaultLimit, MaxLimit);
        var position = cursor.Number();
        var channel = isKnown ? channels.Find(symbol!, kind) : null;
        if (channel is null)
        {
            RequireKnown(range, null);
            return RestResponse.Page([], null);
        }

        var page = new TickPage(channel, range, ascending, position, limit);
        // A later ascending page needs no history before its position: those ticks were on earlier pages.
        if (position is null || !ascending)
            RequireKnown(range, channel);
        history.Read(channel.History, pieces =>
        {
            // The history may have dropped the range since the previous page was read.
            if (ascending && position < (pieces.Length > 0 ? pieces[0].FirstOrdinal : 0))
                throw new RangeNotRetainedException(history.KnownFromMs(channel.History));
            page.Fill(pieces);
        });
        return RestResponse.Page(page.Rows, page.Next is { } next ? cursor.NextUrl(request, next) : null);
    }

    /// <exception cref="RangeNotRetainedException">The range includes a time without history.</exception>
    private void RequireKnown(TimeRange range, SimulatedChannel? channel)
    {
        var knownFromMs = history.KnownFromMs(channel?.History);
        var isBefore = knownFromMs > 0
            && (range.ToNs <= knownFromMs * TimeRange.NsPerMs || (range.FromNs > 0 && range.FromNs < knownFromMs * TimeRange.NsPerMs));
        if (isBefore)
            throw new RangeNotRetainedException(knownFromMs);
    }
}
