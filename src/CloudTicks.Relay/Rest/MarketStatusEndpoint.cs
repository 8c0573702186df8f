using CloudTicks.Foundations;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Handles <c>/v1/marketstatus/now</c> with the market calendar.</summary>
internal sealed class MarketStatusEndpoint(TimeProvider time)
{
    private const int NoonHour = 12;

    public IResult Now()
    {
        var now = time.GetUtcNow();
        var hours = new MarketHours(HolidayCalendar.From(NewYork.DayOf(now)).Select(Row));
        return MarketStatusResponse.CreateResponse(
            StatusOf(Market.Stock), StatusOf(Market.Forex), StatusOf(Market.Crypto), NewYork.Local(now).Hour < NoonHour, now);

        string StatusOf(Market market) => hours.SessionOf(market, now).Phase switch
        {
            MarketPhase.Regular => MarketStatusResponse.Open,
            MarketPhase.Extended => MarketStatusResponse.Extended,
            _ => MarketStatusResponse.Closed,
        };
    }

    private static MarketHoliday Row(Holiday holiday) => new(
        holiday.Day, "NYSE", holiday.Name,
        holiday.ClosesAt is null ? null : NewYork.At(holiday.Day, HolidayCalendar.OpensAt),
        holiday.ClosesAt is { } closesAt ? NewYork.At(holiday.Day, closesAt) : null);
}
