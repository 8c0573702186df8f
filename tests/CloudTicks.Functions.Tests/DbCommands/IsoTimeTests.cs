using CloudTicks.Functions.DbCommands;

namespace CloudTicks.Functions.Tests.DbCommands;

public class IsoTimeTests
{
    [Theory]
    [InlineData("2025-01-27T16:00:00Z", 1_737_993_600_000)]
    [InlineData("2025-01-27T16:00:00.1Z", 1_737_993_600_100)]
    [InlineData("2025-01-27T16:00:00.123Z", 1_737_993_600_123)]
    [InlineData("2025-01-27T16:00:00.123999999Z", 1_737_993_600_123)]
    [InlineData("2025-01-27T17:00:00+01:00", 1_737_993_600_000)]
    [InlineData("2025-01-27T11:00:00.5-0500", 1_737_993_600_500)]
    [InlineData("2024-02-29T23:59:59z", 1_709_251_199_000)]
    public void Time_with_a_zone_is_read_to_the_millisecond(string text, long expected)
    {
        IsoTime.TryParse(text, out var milliseconds, out var hasZone).ShouldBeTrue();
        hasZone.ShouldBeTrue();
        milliseconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("2025-01-27T16:00:00", 1_737_993_600_000)]
    [InlineData("2025-01-27T16:00:00.25", 1_737_993_600_250)]
    public void Time_without_a_zone_is_read_as_UTC_and_reported(string text, long expected)
    {
        IsoTime.TryParse(text, out var milliseconds, out var hasZone).ShouldBeTrue();
        (milliseconds, hasZone).ShouldBe((expected, false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2025-01-27")]
    [InlineData("2025-01-27 16:00:00Z")]
    [InlineData("2025-02-29T16:00:00Z")]
    [InlineData("2025-01-27T24:00:00Z")]
    [InlineData("2025-01-27T16:00:60Z")]
    [InlineData("2025-01-27T16:00:00.Z")]
    [InlineData("2025-01-27T16:00:00.1234567890Z")]
    [InlineData("2025-01-27T16:00:00+24:00")]
    [InlineData("2025-01-27T16:00:00+01:60")]
    [InlineData("2025-01-27T16:00:00Z ")]
    [InlineData("0000-01-27T16:00:00Z")]
    [InlineData("1737993600000")]
    public void Text_that_is_not_an_ISO_time_is_refused(string text) => IsoTime.TryParse(text, out _, out _).ShouldBeFalse();
}
