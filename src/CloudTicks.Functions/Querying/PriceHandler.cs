using System.Globalization;
using CloudTicks.Functions.Querying.Rows;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

/// <summary>Serves symbols and prices (docs/reading.md).</summary>
public sealed class PriceHandler(SymbolCounts counts, LatestTicks latest, OpeningTicks opening, QuerySlots slots, TimeProvider time)
{
    private const int DefaultSymbols = 10_000;
    private const int MaxSymbols = 100_000;

    private const string AsOfHeader = "CloudTicks-As-Of";

    /// <summary>Lists the symbols of the table, ordered by name.</summary>
    /// <param name="request"><c>limit</c>, 10,000 by default and at most 100,000, and <c>format</c>.</param>
    public IActionResult Symbols(HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "limit", "format");
        var (limit, format) = (parameters.Limit(DefaultSymbols, MaxSymbols), RowFormats.Choose(parameters, request));
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            var snapshot = await counts.ReadAsync(cancellationToken);
            AddAsOf(context, snapshot.ReadMs);
            var formatter = new SymbolFormatter(time.GetUtcNow().ToUnixTimeMilliseconds());
            await QueryResponse.SendAsync(context, format, formatter, snapshot.Symbols.Take(limit).ToAsyncEnumerable(), cancellationToken);
        });
    }

    /// <summary>Returns the latest tick of every symbol, ordered by name.</summary>
    /// <param name="request"><c>kind</c>, quotes by default, <c>limit</c> and <c>format</c>.</param>
    public IActionResult Latest(HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "kind", "limit", "format");
        var (kind, limit) = (parameters.Kind() ?? TickKind.Quote, parameters.Limit(DefaultSymbols, MaxSymbols));
        var format = RowFormats.Choose(parameters, request);
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            var ticks = await latest.ReadAsync(kind, cancellationToken);
            await QueryResponse.SendAsync(
                context, format, TickFormatter.Instance, ticks.Take(limit).ToAsyncEnumerable(), cancellationToken);
        });
    }

    /// <summary>Returns the first tick of every symbol in today's session, ordered by name.</summary>
    /// <param name="request"><c>kind</c>, quotes by default, <c>limit</c> and <c>format</c>.</param>
    public IActionResult Opening(HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "kind", "limit", "format");
        var (kind, limit) = (parameters.Kind() ?? TickKind.Quote, parameters.Limit(DefaultSymbols, MaxSymbols));
        var format = RowFormats.Choose(parameters, request);
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            var snapshot = await opening.ReadAsync(kind, cancellationToken);
            AddAsOf(context, snapshot.ReadMs);
            await QueryResponse.SendAsync(
                context, format, TickFormatter.Instance, snapshot.Ticks.Take(limit).ToAsyncEnumerable(), cancellationToken);
        });
    }

    /// <summary>Returns the latest tick of one symbol.</summary>
    /// <param name="request"><c>kind</c>, quotes by default.</param>
    public IActionResult Latest(string? symbol, HttpRequest request)
    {
        var parameters = new QueryParameters(request.Query, "kind");
        var (wanted, kind) = (parameters.Symbol(symbol), parameters.Kind() ?? TickKind.Quote);
        return parameters.Refusal() ?? (IActionResult)new QueryResponse(slots, async (context, cancellationToken) =>
        {
            var tick = await latest.ReadAsync(wanted!.Name, kind, cancellationToken);
            var response = tick is null ? NoTick(wanted, kind) : JsonResponse.Of(TickFormatter.Instance.Object(tick));
            await response.ExecuteResultAsync(context);
        });
    }

    private static void AddAsOf(ActionContext context, long readMs) => context.HttpContext.Response.Headers[AsOfHeader] =
        DateTimeOffset.FromUnixTimeMilliseconds(readMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static JsonResponse NoTick(Symbol symbol, TickKind kind) => JsonResponse.Problem(new ProblemDetails
    {
        Title = "The table has no such tick.",
        Status = StatusCodes.Status404NotFound,
        Detail = $"There is no {(kind == TickKind.Quote ? "quote" : "trade")} of {symbol.Name} in the table. "
            + "'GET /api/v1/symbols' lists the symbols; older ticks are in the archive, and 'cloudticks replay' restores them.",
    });
}
