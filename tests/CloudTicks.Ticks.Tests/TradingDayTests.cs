namespace CloudTicks.Ticks.Tests;

public class TradingDayTests
{
    [Theory]
    [InlineData("2025-01-27T00:00:00.000Z", "2025-01-27T00:00:00Z")]
    [InlineData("2025-01-27T23:59:59.999Z", "2025-01-27T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z")]
    public void Session_begins_at_midnight_utc(string time, string begin) => TradingDay.BeginOf(Ms(time)).ShouldBe(Ms(begin));

    private static long Ms(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
