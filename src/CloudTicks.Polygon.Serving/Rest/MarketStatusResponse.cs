using System.Globalization;
using System.Text.Json;
using CloudTicks.Foundations;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>Writes the response of <c>/v1/marketstatus/now</c>: <c>open</c>, <c>closed</c>, or <c>extended-hours</c> for stocks.</summary>
internal static class MarketStatusResponse
{
    public const string Open = "open";
    public const string Closed = "closed";
    public const string Extended = "extended-hours";

    /// <param name="isEarly">Whether extended hours are before the market opens (true) or after it closes (false).</param>
    public static IResult CreateResponse(string stocks, string forex, string crypto, bool isEarly, DateTimeOffset now) => Results.Json(
        new
        {
            afterHours = stocks == Extended && !isEarly,
            currencies = new { crypto, fx = forex },
            earlyHours = stocks == Extended && isEarly,
            exchanges = new { nasdaq = stocks, nyse = stocks, otc = stocks },
            market = stocks,
            serverTime = NewYork.Local(now).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        },
        // Keeps these member names, whatever naming policy the service uses.
        JsonSerializerOptions.Web);
}
