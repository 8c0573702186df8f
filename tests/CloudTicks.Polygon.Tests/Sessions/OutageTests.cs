using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Sessions;

public class OutageTests
{
    private const string Quote = """{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1700000000123}""";

    [Fact]
    public async Task RunAsync_a_busy_feed_that_falls_silent_on_a_standing_connection_is_left()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.LogInAsync();
                using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
                for (var message = 0; message < 200; message++)
                {
                    await peer.SendAsync($"[{Quote}]");
                    await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                }

                await peer.HearAsync();
            },
            peer => FlowAsync(peer));
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], new SessionTimings { Silence = TimeSpan.FromMilliseconds(500) });

        (await running.Log.LineAsync("(Silent)")).ShouldContain("nothing has come for");
        (await running.Log.LineAsync("again, after")).ShouldContain("what the feed sent meanwhile is missing");

        running.Feed.GetStatus().Outages.ShouldBe(1);
        running.Feed.GetStatus().OutageMs.ShouldBeGreaterThanOrEqualTo(500);
    }

    [Fact]
    public async Task RunAsync_a_feed_that_was_never_busy_may_be_silent()
    {
        var looks = 0;
        await using var watch = new SilenceWatch(TimeSpan.FromMilliseconds(10), TimeProvider.System, _ => Interlocked.Increment(ref looks));
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], new SessionTimings { Silence = TimeSpan.FromMilliseconds(10) });
        await running.Log.LineAsync("acknowledged all");

        // A later session would begin with a greeting of its own.
        await using var other = new RunningFeed(feed, Market.Forex, ["EURUSD"], new SessionTimings { Acknowledgement = TimeSpan.FromMilliseconds(300) });
        await other.Log.LineAsync("acknowledged all");
        await other.StopAsync();

        running.Log.Lines.ShouldNotContain(line => line.Contains("(Silent)", StringComparison.Ordinal));
        looks.ShouldBe(0);
        feed.Accepted.ShouldBe(2);
    }

    [Fact]
    public async Task RunAsync_a_feed_that_is_gone_for_many_attempts_is_said_once_and_once_when_it_is_back()
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
                await peer.LogInAsync();
                peer.Abort();
            },
            .. Enumerable.Repeat(refuse, refusals),
            FlowAsync,
        ]);
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.Log.LineAsync("again, after");

        running.Log.Lines.Count(line => line.StartsWith("Warning: ", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', running.Log.Lines));
        running.Log.Lines.Count(line => line.StartsWith("Debug: No session of forex", StringComparison.Ordinal)).ShouldBe(refusals);
        running.Feed.GetStatus().Outages.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_an_error_that_comes_for_each_of_many_channels_is_said_once()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            for (var channel = 0; channel < 50; channel++)
            {
                await peer.SendAsync(FeedPeer.Status("error", "not authorized"));
            }

            await peer.SendAsync($"[{Quote}]");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.TicksAsync();

        running.Log.Lines.Where(line => line.StartsWith("Error: ", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("the plan includes them");
    }

    private static async Task FlowAsync(FeedPeer peer)
    {
        await peer.LogInAsync();
        await peer.SendAsync($"[{Quote}]");
        await peer.UntilClosedAsync();
    }
}
