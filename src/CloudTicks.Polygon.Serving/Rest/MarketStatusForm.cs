using System.Globalization;
using System.Text.Json;
using CloudTicks.Foundations;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>The answer of <c>/v1/marketstatus/now</c>: <c>open</c>, <c>closed</c>, or of stocks <c>extended-hours</c>.</summary>
internal static class MarketStatusForm
{
    public const string Open = "open";
    public const string Closed = "closed";
    public const string Extended = "extended-hours";

    /// <param name="isEarly">Whether extended hours are those before the exchanges open.</param>
    public static IResult Answer(string stocks, string forex, string crypto, bool isEarly, DateTimeOffset now) => Results.Json(
        new
        {
            afterHours = stocks == Extended && !isEarly,
            currencies = new { crypto, fx = forex },
            earlyHours = stocks == Extended && isEarly,
            exchanges = new { nasdaq = stocks, nyse = stocks, otc = stocks },
            market = stocks,
            serverTime = NewYork.Local(now).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        },
        // These names, whatever the service writes elsewhere.
        JsonSerializerOptions.Web);
}
