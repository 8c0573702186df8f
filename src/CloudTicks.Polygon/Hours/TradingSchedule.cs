using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Hours;

/// <summary>
/// The trading hours by calendar: those of the New York Stock Exchange with holidays, the trading week of currencies, and the daily pause
/// of metals.
/// </summary>
internal sealed class TradingSchedule
{
    private static readonly TimeOnly EarlyOpen = new(4, 0);
    private static readonly TimeOnly Open = new(9, 30);
    private static readonly TimeOnly Close = new(16, 0);
    private static readonly TimeOnly LateClose = new(20, 0);
    private static readonly TimeOnly WeekBoundary = new(17, 0);
    private static readonly TimeOnly MetalsResume = new(18, 0);

    /// <summary>The length of the extended hours after an early close.</summary>
    private static readonly TimeSpan ExtendedHoursAfterEarlyClose = TimeSpan.FromHours(4);

    private readonly Dictionary<DateOnly, MarketHoliday> _holidays = [];

    // The latest session of each market, and of metals at index 0, cached because it is queried for thousands of symbols every second and
    // changes a few times a day.
    private readonly CachedSession?[] _latest = new CachedSession?[(int)Market.Crypto + 1];

    /// <param name="holidays">Holidays that the server reported; only those of the stock exchanges are used.</param>
    public TradingSchedule(IEnumerable<MarketHoliday> holidays)
    {
        foreach (var holiday in holidays)
        {
            // Nasdaq and the NYSE have the same holidays.
            if (holiday.Exchange is "NYSE" or "NASDAQ")
            {
                _holidays[holiday.Date] = holiday;
            }
        }
    }

    public MarketSession At(Market market, DateTimeOffset at) => At(market, isMetal: false, at);

    /// <summary>The market session of a symbol: that of its market, except that metals pause from 17:00 to 18:00 New York time.</summary>
    public MarketSession At(Symbol symbol, DateTimeOffset at) => At(symbol.Market, IsMetal(symbol), at);

    private MarketSession At(Market market, bool isMetal, DateTimeOffset at)
    {
        ref var latest = ref _latest[isMetal ? 0 : (int)market];
        if (Volatile.Read(ref latest) is not { } known || at < known.Session.StartsAt || at >= known.Session.EndsAt)
        {
            Volatile.Write(ref latest, known = new CachedSession(Find(market, isMetal, at)));
        }

        return known.Session;
    }

    private MarketSession Find(Market market, bool isMetal, DateTimeOffset at) => market switch
    {
        Market.Stock => AtExchange(at, isExtended: true),
        Market.Option => AtExchange(at, isExtended: false),
        Market.Forex => AtForex(at, isMetal),
        _ => new MarketSession(MarketPhase.Regular, DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
    };

    private static bool IsMetal(Symbol symbol) => symbol.Market == Market.Forex
        && symbol.Name.AsSpan(0, Math.Min(3, symbol.Name.Length)) is "XAU" or "XAG" or "XPT" or "XPD";

    private MarketSession AtExchange(DateTimeOffset at, bool isExtended)
    {
        var day = NewYork.DayOf(at);
        var midnight = NewYork.At(day, TimeOnly.MinValue);
        var nextMidnight = NewYork.At(day.AddDays(1), TimeOnly.MinValue);
        var (open, close, late) = (NewYork.At(day, Open), NewYork.At(day, Close), NewYork.At(day, LateClose));
        if (_holidays.TryGetValue(day, out var holiday) && holiday is { Open: { } opens, Close: { } closes })
        {
            (open, close, late) = (opens, closes, closes + ExtendedHoursAfterEarlyClose);
        }
        else if (holiday is not null || day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            return new MarketSession(MarketPhase.Closed, midnight, nextMidnight);
        }

        var outsidePhase = isExtended ? MarketPhase.Extended : MarketPhase.Closed;
        (DateTimeOffset From, MarketPhase Phase)[] phases =
        [
            (midnight, MarketPhase.Closed), (NewYork.At(day, EarlyOpen), outsidePhase), (open, MarketPhase.Regular), (close, outsidePhase),
            (late, MarketPhase.Closed),
        ];
        var index = Array.FindLastIndex(phases, phase => phase.From <= at);
        return new MarketSession(
            phases[index].Phase, phases[index].From, index + 1 < phases.Length ? phases[index + 1].From : nextMidnight);
    }

    private static MarketSession AtForex(DateTimeOffset at, bool isMetal)
    {
        // A trading day begins at 17:00 on the previous day and is named after the day on which it ends.
        var day = NewYork.DayOf(at);
        var isEvening = at >= NewYork.At(day, WeekBoundary);
        var tradingDay = isEvening ? day.AddDays(1) : day;
        var (begins, ends) = (NewYork.At(tradingDay.AddDays(-1), WeekBoundary), NewYork.At(tradingDay, WeekBoundary));
        if (tradingDay.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            return new MarketSession(MarketPhase.Closed, begins, ends);
        }

        if (!isMetal)
        {
            var sunday = tradingDay.AddDays(-(int)tradingDay.DayOfWeek);
            return new MarketSession(MarketPhase.Regular, NewYork.At(sunday, WeekBoundary), NewYork.At(sunday.AddDays(5), WeekBoundary));
        }

        var resumesAt = NewYork.At(tradingDay.AddDays(-1), MetalsResume);
        return at < resumesAt
            ? new MarketSession(MarketPhase.Closed, begins, resumesAt)
            : new MarketSession(MarketPhase.Regular, resumesAt, ends);
    }

    private sealed record CachedSession(MarketSession Session);
}
