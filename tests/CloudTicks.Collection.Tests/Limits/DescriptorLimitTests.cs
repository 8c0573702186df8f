using CloudTicks.Collection.Limits;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.Limits;

public class DescriptorLimitTests
{
    [Theory]
    [InlineData(1_024L, 16, false)]
    [InlineData(1_024L, 412, false)]
    [InlineData(1_024L, 413, true)]
    [InlineData(150L, 0, true)]
    [InlineData(null, 100_000, false)]
    public void Warning_is_returned_only_if_limit_is_too_low(long? limit, int connections, bool isTooLow)
    {
        var warning = DescriptorLimit.Warning(limit, connections);

        (warning is not null).ShouldBe(isTooLow);
        warning?.ShouldContain("ulimit -n 65536");
    }

    [Theory]
    [InlineData("Max open files            1024                 1048576              files     ", 1_024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             7                    7                    processes ", null)]
    public void Parse_reads_soft_limit_of_open_files(string line, long? limit) =>
        DescriptorLimit.Parse(["Limit                     Soft Limit           Hard Limit           Units     ", line]).ShouldBe(limit);

    [Fact]
    public void Read_on_linux_returns_a_limit() => (DescriptorLimit.Read() > 0 || !OperatingSystem.IsLinux()).ShouldBeTrue();

    [Theory]
    [InlineData(25, 16, 4)]
    [InlineData(100, 16, 1)]
    [InlineData(1, 16, 16)]
    public void Connections_follow_symbols_and_maximum(int symbolsPerConnection, int maxConnections, int connections)
    {
        var plan = new Dictionary<Market, IReadOnlyList<FeedChannel>>
        {
            [Market.Stock] = [.. Enumerable.Range(0, 100).SelectMany(number =>
                (FeedChannel[])[Channel(number, TickKind.Quote), Channel(number, TickKind.Trade)])],
        };

        DescriptorLimit.Connections(plan,
            new PolygonOptions { SymbolsPerConnection = symbolsPerConnection, MaxConnections = maxConnections }).ShouldBe(connections);
    }

    private static FeedChannel Channel(int number, TickKind kind) =>
        new(Symbol.TryParse(Market.Stock, $"A{number}", out var symbol) ? symbol : null!, kind);
}
