using System.Globalization;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>Handles <c>/v3/trades/{ticker}</c> and <c>/v3/quotes/{ticker}</c>.</summary>
internal sealed class TicksEndpoint(RelayHistory history)
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 50_000;

    /// <exception cref="RestRequestException">A parameter is invalid.</exception>
    public async Task<RestResponse> GetAsync(HttpRequest request, string ticker, TickKind kind, CancellationToken cancellationToken)
    {
        if (!TickerName.TryParse(ticker, out var symbol))
        {
            return RestResponse.NotFound(
                $"'{ticker}' is not a ticker of any market. Examples: AAPL, O:SPY251219C00650000, C:EUR-USD, X:BTC-USD.");
        }

        if ((symbol.Market, kind) is (Market.Forex, TickKind.Trade))
        {
            return RestResponse.NotFound($"There are no trades of {ticker}: currencies and metals have quotes only.");
        }

        var cursor = PageCursor.Of(request);
        cursor.Parameters.Choice("sort", "timestamp");
        var (fromMs, toMs) = TickQuery.MillisecondsOf(TimeRange.Of(cursor.Parameters));
        var limit = cursor.Parameters.Limit(DefaultLimit, MaxLimit);
        var query = new TickQuery
        {
            Symbol = symbol,
            Kind = kind,
            FromMs = fromMs,
            ToMs = toMs,
            IsBackward = !cursor.Parameters.IsAscending(isAscendingByDefault: false),
            After = cursor.Position is { } position ? Read(position) : null,
            SliceRows = limit + 1,
        };
        using var page = new PageRows(query.After, query.IsBackward, limit);
        var read = await history.ReadAsync(query, page, cancellationToken);
        if (page.IsEmpty && query.After is null && await history.ExplainAbsenceAsync(query, read, cancellationToken) is { } absence)
        {
            return RestResponse.NotFound(absence);
        }

        var (rows, next) = page.Build(read.MayHaveMore);
        return RestResponse.Page(rows, next is { } place ? cursor.NextUrl(request, Write(place)) : null);
    }

    private static string Write(TickPosition place) => string.Create(
        CultureInfo.InvariantCulture, $"{place.TimestampMs}.{place.Sequence}.{place.ReceivedMs}.{place.Identity:x16}");

    private static TickPosition Read(string position) =>
        position.Split('.') is [var time, var number, var received, { Length: 16 } id] && TryRead(time, out var ms)
        && TryRead(number, out var sequence) && TryRead(received, out var receivedMs)
        && ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var identity)
            ? new TickPosition(ms, sequence, receivedMs, identity)
            : throw PageCursor.Invalid();

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
