using CloudTicks.Cli.Usage;

namespace CloudTicks.Cli.Tests.Usage;

public class CountedTests
{
    [Theory]
    [InlineData(0, "0 faults")]
    [InlineData(1, "1 fault")]
    [InlineData(2, "2 faults")]
    [InlineData(2_300, "2,300 faults")]
    public void Noun_fits_the_count(long count, string text) => Counted.Of(count, "fault").ShouldBe(text);
}
