using CloudTicks.Cli.Streaming;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Cli.Tests.Streaming;

public sealed class StreamStatusTextTests
{
    private static readonly CollectorStatus Status = new()
    {
        Feed = "simulated",
        Connected = new Dictionary<string, bool>(),
        Refused = new Dictionary<string, string>(),
        Outages = new Dictionary<string, OutageStatus>(),
        Connections = new Dictionary<string, MarketFeedStatus>(),
        RateLimit = new RateLimitStatus(0, null),
        Stale = [],
        HubAwayMs = null,
        Spool = null,
        Received = 1_200,
        Archived = 1_200,
        InFlight = 0,
        Symbols = new Dictionary<string, SymbolStatus> { ["EURUSD"] = new(1_200) },
    };

    [Fact]
    public void Summary_counts_backfilled_ticks_separately()
    {
        var summary = Summary(Status with { Gaps = Status.Gaps with { Filled = 1, RecoveredTicks = 3_400 } });

        summary[0].ShouldStartWith("Streamed for 10.0 s: 1,200 ticks of 1 symbol, ");
        summary[1].ShouldBe("Fetched over REST, from times without a connection: 3,400 ticks.");
    }

    [Fact]
    public void Summary_omits_an_empty_backfill() =>
        Summary(Status).ShouldHaveSingleItem().ShouldNotContain("fetched");

    private static string[] Summary(CollectorStatus status) => [.. StreamStatusText.Summary(status, TimeSpan.FromSeconds(10))];
}
