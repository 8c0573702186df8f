using System.Globalization;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.Sending;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Reference;

/// <summary>
/// Serves <c>/v1/marketstatus/now</c> and <c>/upcoming</c>. Markets are open until sending has ended, unless a fault sets another status.
/// </summary>
internal sealed class MarketStatusEndpoint(FaultBoard faults, TickSender sender, TimeProvider time)
{
    private static readonly string[] Exchanges = ["NYSE", "NASDAQ"];

    public IResult Now() => MarketStatusResponse.CreateResponse(
        StatusOf(Market.Stock), StatusOf(Market.Forex), StatusOf(Market.Crypto), isEarly: false, time.GetUtcNow());

    /// <summary>The coming holidays, as an array without an enclosing object, unlike all other responses.</summary>
    public IResult Upcoming() => Results.Json(
        from holiday in HolidayCalendar.From(NewYork.DayOf(time.GetUtcNow()))
        from exchange in Exchanges
        select Row(holiday, exchange));

    private string StatusOf(Market market) =>
        faults.Strike(FaultCatalog.MarketStatus, new FaultTarget(market))?.Word(FaultCatalog.Status)
        ?? (sender.HasEnded ? MarketStatusResponse.Closed : MarketStatusResponse.Open);

    private static Dictionary<string, string> Row(Holiday holiday, string exchange)
    {
        var row = new Dictionary<string, string>
        {
            ["date"] = holiday.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["exchange"] = exchange,
            ["name"] = holiday.Name,
            ["status"] = holiday.ClosesAt is null ? MarketStatusResponse.Closed : "early-close",
        };
        if (holiday.ClosesAt is { } closesAt)
        {
            row["open"] = FormatUtc(NewYork.At(holiday.Day, HolidayCalendar.OpensAt));
            row["close"] = FormatUtc(NewYork.At(holiday.Day, closesAt));
        }

        return row;
    }

    private static string FormatUtc(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
