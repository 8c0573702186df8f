using CloudTicks.History;
using CloudTicks.Relay.Rest.Bars;
using CloudTicks.Ticks;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Roles;
using Microsoft.AspNetCore.Mvc;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Rest;

/// <summary>Maps the REST endpoints of Polygon that the relay supports.</summary>
internal static class RestRoutes
{
    private const string NoTableMessage =
        "This relay has no history: set ConnectionStrings__timescale (or ConnectionStrings__timescale_reader, of a login that only reads).";

    /// <summary>Adds the services of the REST endpoints. Without a connection string for TimescaleDB the relay offers no history.</summary>
    /// <exception cref="FormatException">A connection string is invalid.</exception>
    public static IServiceCollection AddRest(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<RestGuard>();
        services.AddSingleton<MarketStatusEndpoint>();
        if (!HasTable(configuration))
        {
            return services;
        }

        // A relay only reads, so the reader's login suffices.
        var connections = DatabaseConnections.Parse(name => configuration.GetConnectionString(name) is { Length: > 0 } own
            ? own : configuration.GetConnectionString(DatabaseConnections.ReaderName));
        services.AddReading(connections.Reader.ConnectionString);
        services.AddOptions<TimescaleOptions>()
            .BindConfiguration(TimescaleOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddTickHistory();
        services.AddSingleton<TableBoundary>();
        services.AddSingleton<LakeScan>();
        services.AddSingleton<ArchiveScan>();
        services.AddSingleton<RelayHistory>();
        services.AddSingleton<TicksEndpoint>();
        services.AddSingleton<LastEndpoint>();
        services.AddSingleton<BarsEndpoint>();
        return services;
    }

    public static void MapRest(this WebApplication app)
    {
        // The filter below checks keys and formats errors as Polygon does.
        var rest = app.MapGroup("").AllowAnonymous().WithMetadata(new LocalNamesOnly(), new SkipStatusCodePagesAttribute());
        // Resolve the guard at the first request, so that with invalid settings the startup fails with the message of their validation.
        rest.AddEndpointFilter((context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<RestGuard>().InvokeAsync(context, next));
        rest.MapGet("/v1/marketstatus/now", (MarketStatusEndpoint status) => status.Now());
        if (HasTable(app.Configuration))
        {
            MapHistory(rest);
            return;
        }

        rest.MapGet("/{version:regex(^v[123]$)}/{**path}", IResult () => throw new BusyException(NoTableMessage));
    }

    private static bool HasTable(IConfiguration configuration) =>
        ((string[])[DatabaseConnections.Name, DatabaseConnections.ReaderName])
            .Any(name => configuration.GetConnectionString(name) is { Length: > 0 });

    private static void MapHistory(RouteGroupBuilder rest)
    {
        rest.MapGet(
            "/v3/trades/{ticker}",
            (string ticker, HttpContext http, TicksEndpoint ticks) =>
                ticks.GetAsync(http.Request, ticker, TickKind.Trade, http.RequestAborted));
        rest.MapGet(
            "/v3/quotes/{ticker}",
            (string ticker, HttpContext http, TicksEndpoint ticks) =>
                ticks.GetAsync(http.Request, ticker, TickKind.Quote, http.RequestAborted));
        rest.MapGet(
            "/v2/last/trade/{ticker}",
            (string ticker, HttpContext http, LastEndpoint last) => last.TradeAsync(ticker, http.RequestAborted));
        rest.MapGet(
            "/v2/last/nbbo/{ticker}",
            (string ticker, HttpContext http, LastEndpoint last) => last.QuoteAsync(ticker, http.RequestAborted));
        rest.MapGet(
            "/v1/last_quote/currencies/{from}/{to}",
            (string from, string to, HttpContext http, LastEndpoint last) => last.PairAsync(from, to, http.RequestAborted));
        rest.MapGet(
            "/v2/aggs/ticker/{ticker}/range/{multiplier}/{timespan}/{from}/{to}",
            (string ticker, string multiplier, string timespan, string from, string to, HttpContext http, BarsEndpoint bars) =>
                bars.GetAsync(http.Request, ticker, multiplier, timespan, from, to, http.RequestAborted));
    }
}
