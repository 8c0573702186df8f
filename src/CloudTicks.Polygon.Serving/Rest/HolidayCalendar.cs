namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>The holidays of the US exchanges, by simplified rules.</summary>
internal static class HolidayCalendar
{
    private const int UpcomingCount = 6;
    private const int DaysPerWeek = 7;

    private static readonly TimeOnly EarlyClose = new(13, 0);

    public static TimeOnly OpensAt { get; } = new(9, 30);

    public static IEnumerable<Holiday> From(DateOnly day) =>
        Enumerable.Range(day.Year, 2).SelectMany(OfYear).Where(holiday => holiday.Day >= day).OrderBy(holiday => holiday.Day)
            .Take(UpcomingCount);

    private static IEnumerable<Holiday> OfYear(int year)
    {
        yield return new Holiday(ObservedDay(new DateOnly(year, 1, 1)), "New Years Day");
        yield return new Holiday(Nth(year, 1, DayOfWeek.Monday, 3), "Martin Luther King, Jr. Day");
        yield return new Holiday(Nth(year, 2, DayOfWeek.Monday, 3), "Washington's Birthday");
        yield return new Holiday(ObservedDay(new DateOnly(year, 6, 19)), "Juneteenth");
        yield return new Holiday(ObservedDay(new DateOnly(year, 7, 4)), "Independence Day");
        yield return new Holiday(Nth(year, 9, DayOfWeek.Monday, 1), "Labor Day");
        var thanksgiving = Nth(year, 11, DayOfWeek.Thursday, 4);
        yield return new Holiday(thanksgiving, "Thanksgiving");
        yield return new Holiday(thanksgiving.AddDays(1), "Thanksgiving", EarlyClose);
        yield return new Holiday(ObservedDay(new DateOnly(year, 12, 25)), "Christmas");
    }

    /// <summary>The day on which a holiday is observed: Friday for a Saturday, Monday for a Sunday.</summary>
    private static DateOnly ObservedDay(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(-1),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    private static DateOnly Nth(int year, int month, DayOfWeek weekday, int number)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((weekday - first.DayOfWeek + DaysPerWeek) % DaysPerWeek) + (DaysPerWeek * (number - 1)));
    }
}
