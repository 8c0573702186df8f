using System.Globalization;
using CloudTicks.Functions.Querying.Rows;
using CloudTicks.History;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

/// <summary>Serves the ticks of one symbol, and gaps (docs/reading.md).</summary>
public sealed class QueryHandler(
    ITickHistory history, GapHistory gaps, ArchiveStart archive, QuerySlots slots, TimeProvider time)
{
    private const int DefaultTicks = 1_000;
    private const int MaxTicks = 100_000;
    private const int DefaultGaps = 1_000;
    private const int MaxGaps = 50_000;

    private const string CursorHeader = "CloudTicks-Cursor";

    /// <summary>Returns ticks of a symbol, ordered by time.</summary>
    /// <param name="request">
    /// <c>from</c> and <c>to</c> (exclusive), as Unix ms or ISO 8601, <c>kind</c>, <c>crossed</c>, <c>cursor</c>, <c>format</c>, and
    /// <c>limit</c>, 1,000 by default and at most 100,000. Without <c>from</c> and <c>cursor</c> the latest ticks are returned; with
    /// either, the earliest ones at or after <c>from</c>, or after the cursor.
    /// </param>
    public IActionResult Ticks(string? symbol, HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "from", "to", "kind", "crossed", "limit", "cursor", "format");
        var (wanted, from, to) = (parameters.Symbol(symbol), parameters.Time("from"), parameters.Time("to"));
        var (kind, after, format) = (parameters.Kind(), parameters.Cursor(), RowFormats.Choose(parameters, request));
        var (limit, withoutCrossed) = (parameters.Limit(DefaultTicks, MaxTicks), parameters.WithoutCrossed());
        parameters.RefuseReversedRange(from, to);
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            var range = new TickRange
            {
                Symbol = wanted!.Name,
                FromMs = from,
                ToMs = to ?? long.MaxValue,
                After = after,
                Kind = kind,
                WithoutCrossed = withoutCrossed,
                Limit = limit,
            };
            if (await RespondIfOlderAsync(context, wanted, from ?? after?.TimestampMs, to, cancellationToken))
            {
                return;
            }

            await using var page = await history.OpenAsync(wanted, range, cancellationToken);
            AddNextPage(context.HttpContext, page, after);
            await QueryResponse.SendAsync(context, format, TickFormatter.Instance, page.ReadAsync(cancellationToken), cancellationToken);
        });
    }

    /// <summary>Returns candles of a symbol, ordered by time.</summary>
    /// <param name="request">
    /// <c>interval</c> (1s, 1m, 5m, 1h), <c>from</c>, <c>to</c>, <c>price</c> (mid or trade), <c>crossed</c>, <c>limit</c> and
    /// <c>format</c>.
    /// </param>
    public IActionResult Candles(string? symbol, HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "interval", "from", "to", "price", "crossed", "limit", "format");
        var wanted = parameters.Symbol(symbol);
        var priceKind = parameters.CandlePrice() ?? (wanted?.Market == Market.Forex ? TickKind.Quote : TickKind.Trade);
        var withoutCrossed = parameters.WithoutCrossed();
        var span = CandleSpan.Read(parameters, time.GetUtcNow().ToUnixTimeMilliseconds());
        var (format, isTimed) =
            (RowFormats.Choose(parameters, request), request.Query.ContainsKey("from") || request.Query.ContainsKey("to"));
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            if (isTimed && await RespondIfOlderAsync(context, wanted!, span.FromMs, span.ToMs, cancellationToken))
            {
                return;
            }

            var range = new CandleRange(wanted!, priceKind, span.LengthMs, span.FromMs, span.ToMs, withoutCrossed);
            var found = await history.ReadCandlesAsync(range, cancellationToken);
            await QueryResponse.SendAsync(context, format, new CandleFormatter(wanted!.Name), found.ToAsyncEnumerable(), cancellationToken);
        });
    }

    /// <summary>
    /// Returns the gaps that overlap a time range, ordered by their beginning; if there are more than the limit, the newest ones.
    /// </summary>
    /// <param name="query">
    /// <c>symbol</c>, <c>state</c>, <c>from</c> and <c>to</c> (exclusive) as Unix ms or ISO 8601, and <c>limit</c>, 1,000 by default and at
    /// most 50,000.
    /// </param>
    public IActionResult Gaps(IQueryCollection query)
    {
        var parameters = new QueryParameters(query, "symbol", "state", "from", "to", "limit");
        var (symbol, state, from, to) = (parameters.Symbol(), parameters.GapState(), parameters.Time("from"), parameters.Time("to"));
        var limit = parameters.Limit(DefaultGaps, MaxGaps);
        parameters.RefuseReversedRange(from, to);
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
            await JsonResponse.Of(GapRecord.WriteArray(await gaps.ReadAsync(symbol, state, from, to, limit, cancellationToken)))
                .ExecuteResultAsync(context));
    }

    /// <summary>Adds the cursor of the next page and, if this page is full, a link to the next page.</summary>
    private static void AddNextPage(HttpContext http, HistoryPage page, TickCursor? before)
    {
        if ((page.Last ?? before) is not { } last)
        {
            return;
        }

        http.Response.Headers[CursorHeader] = last.ToString();
        if (page.IsFull)
        {
            var query = http.Request.Query.Where(parameter => !parameter.Key.Equals("cursor", StringComparison.OrdinalIgnoreCase)
                && !parameter.Key.Equals("from", StringComparison.OrdinalIgnoreCase));
            var next = QueryString.Create(query).Add("cursor", last.ToString());
            http.Response.Headers.Link =
                string.Create(CultureInfo.InvariantCulture, $"<{http.Request.PathBase}{http.Request.Path}{next}>; rel=\"next\"");
        }
    }

    /// <summary>
    /// Adds a hint when part of the time range is older than the table. If the whole range is older, responds with the hint as a problem.
    /// </summary>
    /// <returns>True if it responded.</returns>
    private async Task<bool> RespondIfOlderAsync(
        ActionContext context, Symbol symbol, long? fromMs, long? toMs, CancellationToken cancellationToken)
    {
        if (fromMs is null && toMs is null)
        {
            return false;
        }

        // Treat an empty table as one that begins now.
        var tableStartMs = await history.ReadStartAsync(fromMs, cancellationToken) ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        var hint = ArchiveHint.For(symbol, fromMs, toMs ?? long.MaxValue, tableStartMs);
        hint?.AddTo(context.HttpContext.Response.Headers, await archive.MayHaveOlderAsync(tableStartMs, cancellationToken));
        if (hint is not { IsWholeRangeOlder: true })
        {
            return false;
        }

        await hint.Problem().ExecuteResultAsync(context);
        return true;
    }
}
