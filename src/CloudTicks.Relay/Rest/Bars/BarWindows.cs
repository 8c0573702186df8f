using CloudTicks.Foundations;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest.Bars;

/// <summary>
/// Calculates the windows of bars. Windows of seconds, minutes and hours are counted from midnight of each day, windows of days and weeks
/// from a fixed day, and longer windows from the year 0. Days begin at midnight in New York for stocks and options, and at midnight UTC for
/// currencies and crypto.
/// </summary>
internal sealed class BarWindows(Market market, int multiplier, Timespan timespan)
{
    private const int MonthsPerYear = 12;
    private const int MonthsPerQuarter = 3;
    private const int DaysPerWeek = 7;

    // The day from which windows of days and weeks are counted: a Sunday, the first day of Polygon's weeks.
    private static readonly DateOnly FirstDay = new(1969, 12, 28);

    private BarWindow _last = new(long.MaxValue, long.MinValue);

    /// <summary>Returns the window that contains a time, Unix ms, UTC.</summary>
    public BarWindow Of(long ms)
    {
        // Ticks are nearly in order, so most are in the window of the previous tick.
        if (!_last.Holds(ms))
        {
            _last = Find(ms);
        }

        return _last;
    }

    /// <summary>Returns the beginning of a day, Unix ms, UTC.</summary>
    public long MidnightOf(DateOnly day) => IsNewYork
        ? NewYork.At(day, TimeOnly.MinValue).ToUnixTimeMilliseconds()
        : new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private bool IsNewYork => market is Market.Stock or Market.Option;

    private BarWindow Find(long ms)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        var day = IsNewYork ? NewYork.DayOf(at) : DateOnly.FromDateTime(at.UtcDateTime);
        return timespan switch
        {
            Timespan.Second => WithinDay(day, ms, TimeSpan.FromSeconds(multiplier)),
            Timespan.Minute => WithinDay(day, ms, TimeSpan.FromMinutes(multiplier)),
            Timespan.Hour => WithinDay(day, ms, TimeSpan.FromHours(multiplier)),
            Timespan.Day => Days(day, multiplier),
            Timespan.Week => Days(day, multiplier * DaysPerWeek),
            Timespan.Month => Months(day, multiplier),
            Timespan.Quarter => Months(day, multiplier * MonthsPerQuarter),
            _ => Months(day, multiplier * MonthsPerYear),
        };
    }

    private BarWindow WithinDay(DateOnly day, long ms, TimeSpan length)
    {
        var (midnight, next) = (MidnightOf(day), MidnightOf(day.AddDays(1)));
        var lengthMs = (long)length.TotalMilliseconds;
        var start = ms - ((ms - midnight) % lengthMs);
        return new BarWindow(start, Math.Min(start + lengthMs, next));
    }

    private BarWindow Days(DateOnly day, int days)
    {
        var first = day.AddDays(-((day.DayNumber - FirstDay.DayNumber) % days));
        return new BarWindow(MidnightOf(first), MidnightOf(first.AddDays(days)));
    }

    private BarWindow Months(DateOnly day, int months)
    {
        var number = (day.Year * MonthsPerYear) + day.Month - 1;
        var first = number - (number % months);
        return new BarWindow(MidnightOf(MonthOf(first)), MidnightOf(MonthOf(first + months)));
    }

    private static DateOnly MonthOf(int number) => new(number / MonthsPerYear, (number % MonthsPerYear) + 1, 1);
}

/// <summary>The time range of a bar, Unix ms, UTC; the end is exclusive.</summary>
internal readonly record struct BarWindow(long StartMs, long EndMs)
{
    public bool Holds(long ms) => ms >= StartMs && ms < EndMs;
}
