using CloudTicks.Collection.Feeds;
using CloudTicks.Polygon.Feeds;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Feeds;

public class LearntLimitsFileTests
{
    private static readonly LearntLimit LimitOfTwo = new(2, 5, new DateTimeOffset(2025, 1, 15, 15, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Limit_written_is_read_by_next_run()
    {
        using var folder = new TemporaryFolder();
        var first = Open(folder.Path);
        first.Write(Market.Stock, LimitOfTwo);
        first.Write(Market.Crypto, LimitOfTwo);
        first.Write(Market.Crypto, null);

        var next = Open(folder.Path);

        next.Read(Market.Stock).ShouldBe(LimitOfTwo);
        next.Read(Market.Crypto).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"stocks":null}""")]
    [InlineData("""{"stocks":{"Connections":0,"Configured":1,"At":"2025-01-15T15:00:00Z"}}""")]
    public void Invalid_file_is_ignored_and_replaced(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "limits.json"), text);

        var limits = Open(folder.Path);

        limits.Read(Market.Stock).ShouldBeNull();
        limits.Write(Market.Stock, LimitOfTwo);
        Open(folder.Path).Read(Market.Stock).ShouldBe(LimitOfTwo);
    }

    [Fact]
    public void Write_to_missing_folder_keeps_limit_in_memory()
    {
        using var folder = new TemporaryFolder();
        var limits = Open(Path.Combine(folder.Path, "gone"));

        limits.Write(Market.Stock, LimitOfTwo);

        limits.Read(Market.Stock).ShouldBe(LimitOfTwo);
    }

    private static LearntLimitsFile Open(string folder)
    {
        var limits = new LearntLimitsFile(NullLogger<LearntLimitsFile>.Instance);
        limits.Open(folder);
        return limits;
    }
}
