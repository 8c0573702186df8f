using CloudTicks.Relay.Archive;

namespace CloudTicks.Relay.Tests.Archive;

public class SinceTimeTests
{
    [Theory]
    [InlineData(-1, "since must be a time in milliseconds")]
    [InlineData(1_700_000_000_000_000, "since is in the future")]
    [InlineData(1_700_000_061_000, "since is in the future")]
    [InlineData(1_700_000_060_000, null)]
    [InlineData(0, null)]
    public void Invalid_time_is_refused_with_a_message(long sinceMs, string? sentence)
    {
        var refusal = SinceTime.Refusal(sinceMs, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

        if (sentence is null)
        {
            refusal.ShouldBeNull();
        }
        else
        {
            refusal.ShouldNotBeNull().ShouldContain(sentence);
        }
    }
}
