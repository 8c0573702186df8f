using CloudTicks.CentralHub.Access;
using CloudTicks.Functions.Access;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>Reads the table back over HTTP.</summary>
/// <param name="gate">Lets through who may.</param>
/// <param name="handler">Does it.</param>
public sealed class Query(Gate gate, QueryHandler handler)
{
    /// <summary>Ticks of a symbol. The route takes all that follows, because <c>EUR/USD</c> is a symbol.</summary>
    /// <param name="request">The request, with <c>from</c>, <c>to</c> and <c>limit</c>.</param>
    /// <param name="symbol">The symbol, in any form.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>An array of ticks.</returns>
    [Function("QueryTicks")]
    public Task<IActionResult> TicksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/ticks/{*symbol}")] HttpRequest request,
        string? symbol,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => handler.TicksAsync(symbol, request.Query, cancellationToken));

    /// <summary>The times in which ticks may be missing.</summary>
    /// <param name="request">The request, with <c>symbol</c>, <c>state</c>, <c>from</c>, <c>to</c> and <c>limit</c>.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>An array of gaps.</returns>
    [Function("QueryGaps")]
    public Task<IActionResult> GapsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/gaps")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => handler.GapsAsync(request.Query, cancellationToken));

    /// <summary>The symbols that there are.</summary>
    /// <param name="request">The request, with <c>limit</c>.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>An array of symbols.</returns>
    [Function("QuerySymbols")]
    public Task<IActionResult> SymbolsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/symbols")] HttpRequest request,
        CancellationToken cancellationToken) =>
        gate.ServeAsync(request, AccessRole.Reader, _ => handler.SymbolsAsync(request.Query, cancellationToken));
}
