using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Reads the table back over HTTP (docs/reading.md).</summary>
/// <param name="gate">Checks keys, roles and rates.</param>
public sealed class Query(Gate gate, QueryHandler ticks, PriceHandler prices)
{
    /// <summary>Ticks of a symbol. The route takes the rest of the path, because <c>EUR/USD</c> is a symbol.</summary>
    [Function("QueryTicks")]
    public Task<IActionResult> TicksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/ticks/{*symbol}")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Ticks(symbol, request)));

    /// <summary>Candles of a symbol.</summary>
    [Function("QueryCandles")]
    public Task<IActionResult> CandlesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/candles/{*symbol}")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Candles(symbol, request)));

    /// <summary>The gaps.</summary>
    [Function("QueryGaps")]
    public Task<IActionResult> GapsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/gaps")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(ticks.Gaps(request.Query)));

    /// <summary>The symbols of the table.</summary>
    [Function("QuerySymbols")]
    public Task<IActionResult> SymbolsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/symbols")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Symbols(request)));

    /// <summary>The latest prices of all symbols.</summary>
    [Function("QueryLatestQuotes")]
    public Task<IActionResult> LatestQuotesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/latest")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Latest(request)));

    /// <summary>The first prices of all symbols in today's session.</summary>
    [Function("QueryOpeningQuotes")]
    public Task<IActionResult> OpeningQuotesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/opening")] HttpRequest request) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Opening(request)));

    /// <summary>The latest price of a symbol, whose slash is written <c>%2F</c>.</summary>
    [Function("QueryLatestQuote")]
    public Task<IActionResult> LatestQuoteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/quotes/{symbol}/latest")] HttpRequest request, string? symbol) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => Task.FromResult(prices.Latest(symbol, request)));
}
