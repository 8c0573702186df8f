using System.Globalization;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Faults;
using Microsoft.AspNetCore.Http.Extensions;

namespace CloudTicks.Simulator.Rest;

internal sealed class RestFaults(FaultBoard faults, TimeProvider time)
{
    /// <summary>Delays or refuses a request if a fault requires it.</summary>
    /// <returns>The error to respond with; null to respond normally.</returns>
    public async Task<IResult?> StrikeAsync(HttpContext context)
    {
        if (faults.HasNoFaults)
            return null;
        if (Strike(FaultCatalog.RestSlow, context.Request) is { } slow)
            await Task.Delay(slow.Duration(FaultCatalog.Delay), time, context.RequestAborted);
        if (Strike(FaultCatalog.RestStatus, context.Request) is not { } error)
            return null;
        if (error.Number(FaultCatalog.RetryAfter) is >= 0 and var seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var status = (int)error.Number(FaultCatalog.Status);
        return error.Word(FaultCatalog.Body) == "empty" ? Results.StatusCode(status) : RestResponse.Error(status, TextOf(status));
    }

    /// <summary>Makes a page link to itself if a fault requires it.</summary>
    public void LoopNextUrl(HttpRequest request, RestResponse page)
    {
        if (faults.HasNoFaults || Strike(FaultCatalog.RestLoop, request) is null)
            return;
        var parameters = new QueryBuilder(
            request.Query.Where(parameter => parameter.Key != RestKey.Parameter)
                .Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value.ToString())));
        page.NextUrl = $"{request.Scheme}://{request.Host}{request.Path}{parameters}";
    }

    private Fault? Strike(string kind, HttpRequest request)
    {
        var name = request.RouteValues["ticker"] as string ?? request.Query["underlying_ticker"].ToString();
        var target = TickerName.TryParse(name, out var symbol) ? new FaultTarget(symbol.Market, null, symbol) : new FaultTarget(null);
        return faults.Strike(
            kind, target, fault => request.Path.Value!.StartsWith(fault.Word(FaultCatalog.Path), StringComparison.Ordinal));
    }

    private static string TextOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "You've exceeded the maximum requests per minute.",
        StatusCodes.Status403Forbidden => "Not authorized.",
        _ => "The request cannot be served now.",
    };
}
