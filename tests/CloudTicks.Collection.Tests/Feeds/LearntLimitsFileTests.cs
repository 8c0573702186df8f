using CloudTicks.Collection.Feeds;
using CloudTicks.Polygon.Feeds;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Feeds;

public class LearntLimitsFileTests
{
    private static readonly LearntLimit Two = new(2, 5, new DateTimeOffset(2025, 1, 15, 15, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Write_what_one_run_learnt_the_next_knows()
    {
        using var folder = new TemporaryFolder();
        var first = Open(folder.Path);
        first.Write(Market.Stock, Two);
        first.Write(Market.Crypto, Two);
        first.Write(Market.Crypto, null);

        var next = Open(folder.Path);

        next.Read(Market.Stock).ShouldBe(Two);
        next.Read(Market.Crypto).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"stocks":null}""")]
    [InlineData("""{"stocks":{"Connections":0,"Configured":1,"At":"2025-01-15T15:00:00Z"}}""")]
    public void Open_a_file_that_cannot_be_used_is_learnt_again(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "limits.json"), text);

        var limits = Open(folder.Path);

        limits.Read(Market.Stock).ShouldBeNull();
        limits.Write(Market.Stock, Two);
        Open(folder.Path).Read(Market.Stock).ShouldBe(Two);
    }

    [Fact]
    public void Write_to_a_folder_that_is_gone_keeps_it_for_this_run()
    {
        using var folder = new TemporaryFolder();
        var limits = Open(Path.Combine(folder.Path, "gone"));

        limits.Write(Market.Stock, Two);

        limits.Read(Market.Stock).ShouldBe(Two);
    }

    private static LearntLimitsFile Open(string folder)
    {
        var limits = new LearntLimitsFile(NullLogger<LearntLimitsFile>.Instance);
        limits.Open(folder);
        return limits;
    }
}
