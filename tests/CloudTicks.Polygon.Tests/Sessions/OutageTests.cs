using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Sessions;

public class OutageTests
{
    private const string Quote = """{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1700000000123}""";

    [Fact]
    public async Task RunAsync_long_outage_is_logged_once_at_begin_and_end()
    {
        const int refusals = 5;
        Func<FeedPeer, Task> refuse = peer =>
        {
            peer.Abort();
            return Task.CompletedTask;
        };
        await using var feed = await ScriptedFeed.StartAsync(
        [
            async peer =>
            {
                await peer.AcceptLoginAsync();
                peer.Abort();
            },
            .. Enumerable.Repeat(refuse, refusals),
            ServeQuoteAsync,
        ]);
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.Log.LineAsync(") again after");

        running.Log.Lines.Count(line => line.StartsWith("Warning: ", StringComparison.Ordinal))
            .ShouldBe(1, string.Join('\n', running.Log.Lines));
        running.Log.Lines.Count(line => line.StartsWith("Debug: The attempt to connect to forex failed", StringComparison.Ordinal))
            .ShouldBe(refusals);
        running.Feed.GetStatus().Outages.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_repeated_error_is_logged_once()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            for (var channel = 0; channel < 50; channel++)
            {
                await peer.SendAsync(FeedPeer.Status("error", "not authorized"));
            }

            await peer.SendAsync($"[{Quote}]");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.TicksAsync();

        running.Log.Lines.Where(line => line.StartsWith("Error: ", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain("the plan includes them");
    }

    private static async Task ServeQuoteAsync(FeedPeer peer)
    {
        await peer.AcceptLoginAsync();
        await peer.SendAsync($"[{Quote}]");
        await peer.UntilClosedAsync();
    }
}
