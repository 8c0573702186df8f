using CloudTicks.Cli.Streaming;

namespace CloudTicks.Cli.Tests.Streaming;

public class StreamIntervalTests
{
    [Theory]
    [InlineData("1s", 1_000)]
    [InlineData("500ms", 500)]
    [InlineData("1", 1_000)]
    [InlineData("0.25", 250)]
    [InlineData("60S", 60_000)]
    [InlineData("0", 0)]
    [InlineData("1m", 60_000)]
    [InlineData("00:00:02", 2_000)]
    public void Valid_interval_is_parsed(string text, int milliseconds)
    {
        StreamInterval.TryParse(text, out var interval).ShouldBeTrue();
        interval.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("61")]
    [InlineData("2m")]
    [InlineData("-00:00:01")]
    [InlineData("1 s")]
    [InlineData("1e3ms")]
    public void Invalid_interval_is_rejected(string text) => StreamInterval.TryParse(text, out _).ShouldBeFalse();
}
