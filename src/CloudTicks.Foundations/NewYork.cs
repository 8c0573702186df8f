namespace CloudTicks.Foundations;

/// <summary>The time zone of the trading hours: markets open and close, and options expire, by the clock of New York.</summary>
public static class NewYork
{
    private static readonly (TimeZoneInfo Zone, bool IsFromSystem) Clock = Find();

    /// <summary>Whether the system knows the zone; otherwise the rules in force since 2007 are used.</summary>
    public static bool IsFromSystem => Clock.IsFromSystem;

    /// <summary>A moment with the offset of New York.</summary>
    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Clock.Zone);

    /// <summary>The day in New York.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>A moment by the clock of New York.</summary>
    /// <param name="time">The time of day, not one that the clock skips in spring; of two moments in autumn it is the second.</param>
    public static DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Clock.Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Second Sunday of March to first Sunday of November, since 2007.</summary>
    internal static TimeZoneInfo RulesSince2007()
    {
        var twoOClock = new DateTime(1, 1, 1, 2, 0, 0);
        var summer = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(twoOClock, 3, 2, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(twoOClock, 11, 1, DayOfWeek.Sunday));
        return TimeZoneInfo.CreateCustomTimeZone(
            "New York", TimeSpan.FromHours(-5), "New York", "New York", "New York in summer", [summer]);
    }

    private static (TimeZoneInfo Zone, bool IsFromSystem) Find()
    {
        try
        {
            return (TimeZoneInfo.FindSystemTimeZoneById("America/New_York"), true);
        }
        catch (Exception exception) when (exception is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            return (RulesSince2007(), false);
        }
    }
}
