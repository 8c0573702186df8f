using System.Globalization;

namespace CloudTicks.Simulator.Reference;

/// <summary>Answers <c>/v1/marketstatus/now</c> and <c>/v1/marketstatus/upcoming</c>. The simulator's markets never close by themselves.</summary>
internal sealed class MarketStatusEndpoint(TimeProvider time)
{
    private static readonly string[] Exchanges = ["NYSE", "NASDAQ"];

    public IResult Now() => Results.Json(new
    {
        afterHours = false,
        currencies = new { crypto = "open", fx = "open" },
        earlyHours = false,
        exchanges = new { nasdaq = "open", nyse = "open", otc = "open" },
        market = "open",
        serverTime = NewYork.Now(time).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
    });

    /// <summary>A bare array, unlike all other answers.</summary>
    public IResult Upcoming() => Results.Json(
        from holiday in HolidayCalendar.From(NewYork.Today(time))
        from exchange in Exchanges
        select Row(holiday, exchange));

    private static Dictionary<string, string> Row(Holiday holiday, string exchange)
    {
        var row = new Dictionary<string, string>
        {
            ["date"] = holiday.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["exchange"] = exchange,
            ["name"] = holiday.Name,
            ["status"] = holiday.ClosesAt is null ? "closed" : "early-close",
        };
        if (holiday.ClosesAt is { } closesAt)
        {
            row["open"] = Utc(NewYork.At(holiday.Day, HolidayCalendar.Opens));
            row["close"] = Utc(NewYork.At(holiday.Day, closesAt));
        }

        return row;
    }

    private static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
