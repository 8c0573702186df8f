using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Serves the content of the table over HTTP (docs/reading.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Query(Gate gate, QueryHandler ticks, PriceHandler prices)
{
    /// <summary>
    /// Returns the ticks of a symbol. The symbol is the rest of the path, because it may contain a slash: <c>EUR/USD</c>.
    /// </summary>
    [Function("QueryTicks")]
    public Task<IActionResult> TicksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/ticks/{*symbol}")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Ticks(symbol, request)));

    /// <summary>Returns the candles of a symbol.</summary>
    [Function("QueryCandles")]
    public Task<IActionResult> CandlesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/candles/{*symbol}")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Candles(symbol, request)));

    /// <summary>Lists the gaps.</summary>
    [Function("QueryGaps")]
    public Task<IActionResult> GapsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/gaps")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Gaps(request.Query)));

    /// <summary>Lists the symbols of the table.</summary>
    [Function("QuerySymbols")]
    public Task<IActionResult> SymbolsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/symbols")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Symbols(request)));

    /// <summary>Returns each symbol's latest price.</summary>
    [Function("QueryLatestQuotes")]
    public Task<IActionResult> LatestQuotesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/latest")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Latest(request)));

    /// <summary>Returns each symbol's first price in today's session.</summary>
    [Function("QueryOpeningQuotes")]
    public Task<IActionResult> OpeningQuotesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/opening")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Opening(request)));

    /// <summary>Returns the latest price of a symbol; a slash in the symbol is written <c>%2F</c>.</summary>
    [Function("QueryLatestQuote")]
    public Task<IActionResult> LatestQuoteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/{symbol}/latest")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Latest(symbol, request)));
}
