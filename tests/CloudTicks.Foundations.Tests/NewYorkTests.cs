using System.Globalization;

namespace CloudTicks.Foundations.Tests;

public sealed class NewYorkTests
{
    [Fact]
    public void RulesSince2007_equal_the_systems_time_zone()
    {
        NewYork.IsFromSystem.ShouldBeTrue("the package tzdata is needed for this test");
        var systemZone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var rules = NewYork.RulesSince2007();

        for (var at = At("2007-01-01T00:30:00Z"); at.Year < 2037; at += TimeSpan.FromHours(1))
        {
            rules.GetUtcOffset(at).ShouldBe(systemZone.GetUtcOffset(at), at.ToString("u", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void At_uses_the_offset_of_the_season()
    {
        NewYork.At(new DateOnly(2025, 1, 15), new TimeOnly(9, 30)).ShouldBe(At("2025-01-15T14:30:00Z"));
        NewYork.At(new DateOnly(2025, 7, 15), new TimeOnly(9, 30)).ShouldBe(At("2025-07-15T13:30:00Z"));
        NewYork.Local(At("2025-07-15T13:30:00Z")).Offset.ShouldBe(TimeSpan.FromHours(-4));
        NewYork.DayOf(At("2025-01-16T04:59:59Z")).ShouldBe(new DateOnly(2025, 1, 15));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
