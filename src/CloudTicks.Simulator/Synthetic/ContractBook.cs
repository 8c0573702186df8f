using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>
/// Derives contracts from an underlying's name and the day. They expire on the next five weekdays (the day itself counts), on four
/// past and nine coming Fridays, and on the third Fridays of twelve months. Each expiry has 21 strikes, with calls and puts.
/// </summary>
internal static class ContractBook
{
    private const int Weekdays = 5;
    private const int PastFridays = 4;
    private const int UpcomingFridays = 9;
    private const int MonthlyExpiries = 12;
    private const int StrikesOnEachSide = 10;
    private const int CentsPerDollar = 100;
    private const int MillsPerDollar = 1_000;
    private const int DaysPerWeek = 7;

    // The distance between two strikes is the stock's price divided by this number, or one dollar if that is more.
    private const int StrikeStepDivisor = 40;

    private static readonly bool[] CallAndPut = [true, false];

    /// <summary>The contracts of a stock; none when the name contains a dot or is not a valid stock ticker.</summary>
    public static IEnumerable<OptionContract> Of(string underlying, DateOnly today)
    {
        if (!Symbol.TryParse(Market.Stock, underlying, out var symbol) || !Instrument.Exists(symbol)
            || underlying.Contains('.', StringComparison.Ordinal))
            return [];
        var dollars = Instrument.Of(symbol).Price / CentsPerDollar;
        var step = Math.Max(1, dollars / StrikeStepDivisor);
        var middle = Math.Max(StrikesOnEachSide + 1, dollars / step) * step;
        return from expiry in Expiries(today)
               from strike in Enumerable.Range(-StrikesOnEachSide, (2 * StrikesOnEachSide) + 1)
               from isCall in CallAndPut
               select new OptionContract(underlying, expiry, isCall, (middle + (strike * step)) * MillsPerDollar);
    }

    private static SortedSet<DateOnly> Expiries(DateOnly today)
    {
        var friday = today.AddDays((DayOfWeek.Friday - today.DayOfWeek + DaysPerWeek) % DaysPerWeek);
        var weekdays = Enumerable.Range(0, DaysPerWeek).Select(today.AddDays)
            .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        var fridays = Enumerable.Range(-PastFridays, PastFridays + UpcomingFridays).Select(week => friday.AddDays(DaysPerWeek * week));
        var months = Enumerable.Range(0, MonthlyExpiries).Select(month => ThirdFriday(today.AddMonths(month)));
        return [.. weekdays.Take(Weekdays), .. fridays, .. months];
    }

    private static DateOnly ThirdFriday(DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        return first.AddDays(((DayOfWeek.Friday - first.DayOfWeek + DaysPerWeek) % DaysPerWeek) + (2 * DaysPerWeek));
    }
}
