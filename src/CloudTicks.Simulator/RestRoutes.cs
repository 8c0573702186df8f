using CloudTicks.Simulator.Reference;
using CloudTicks.Simulator.Rest;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator;

/// <summary>Maps the REST endpoints of Polygon that the simulator supports.</summary>
internal static class RestRoutes
{
    public static void MapRest(this WebApplication app)
    {
        // Errors have the format of the real endpoints, or no body if a fault requests that, so status code pages are skipped.
        var rest = app.MapGroup("").AddEndpointFilter<RestFilter>().WithMetadata(new LocalNamesOnly(), new SkipStatusCodePagesAttribute());
        rest.MapGet(
            "/v3/trades/{ticker}", (string ticker, HttpRequest request, TicksEndpoint ticks) => ticks.Get(request, ticker, TickKind.Trade));
        rest.MapGet(
            "/v3/quotes/{ticker}", (string ticker, HttpRequest request, TicksEndpoint ticks) => ticks.Get(request, ticker, TickKind.Quote));
        rest.MapGet("/v3/reference/options/contracts", (HttpRequest request, ContractsEndpoint contracts) => contracts.Get(request));
        rest.MapGet("/v3/reference/options/contracts/{ticker}", (string ticker) => TickerEndpoint.Get(ticker));
        rest.MapGet("/v3/reference/tickers/{ticker}", (string ticker) => TickerEndpoint.Get(ticker));
        rest.MapGet("/v1/marketstatus/now", (MarketStatusEndpoint status) => status.Now());
        rest.MapGet("/v1/marketstatus/upcoming", (MarketStatusEndpoint status) => status.Upcoming());
    }
}
