namespace CloudTicks.Foundations;

/// <summary>The time zone of US trading hours and of option expiries.</summary>
public static class NewYork
{
    private static readonly (TimeZoneInfo Zone, bool IsFromSystem) Clock = Find();

    /// <summary>Whether the system provides the zone; otherwise the rules in force since 2007 are used.</summary>
    public static bool IsFromSystem => Clock.IsFromSystem;

    /// <summary>Converts a time to New York's offset.</summary>
    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Clock.Zone);

    /// <summary>The date in New York.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>Converts a New York date and time to UTC.</summary>
    /// <param name="time">
    /// The time of day. It must not be within the hour that is skipped in spring. Within the hour that is repeated in autumn, it means the
    /// second occurrence.
    /// </param>
    public static DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, Clock.Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>US daylight saving time since 2007: from the second Sunday of March to the first Sunday of November.</summary>
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
