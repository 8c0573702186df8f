using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Polygon.Tests.Feeds;

public class MarketFeedTests
{
    private readonly FeedServer _server = new();

    [Fact]
    public async Task RunAsync_refused_key_stops_market_until_options_change()
    {
        var refused = 0;
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync((action, _) =>
            action == "auth" && Interlocked.Increment(ref refused) <= 3 ? FeedPeer.Status("auth_failed", "authentication failed") : null));
        await using var running = new RunningFeed(feed, Market.Stock, RunningFeed.Names(15), options: RunningFeed.Small);

        var status = await running.StatusAsync(
            status => status.Failure is not null && status.Connections.All(connection => connection.State == ConnectionState.Ended));
        status.Failure!.ShouldContain("POLYGON_API_KEY");
        feed.Accepted.ShouldBeLessThanOrEqualTo(3);
        Interlocked.Exchange(ref refused, 3);
        running.Log.Lines.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)).ShouldBe(1);

        running.Options.Set(running.Options.CurrentValue with { ReconnectDelay = TimeSpan.FromSeconds(1) });

        await running.CoveredAsync(30);
        running.Feed.GetStatus().Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Loss_after_a_refused_key_announces_no_attempt()
    {
        var (opened, refused) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await refused.Task;
                peer.Abort();
            },
            async peer =>
            {
                // A refusal also ends a session that is still logging in.
                await opened.Task;
                await peer.ServeAsync((action, _) => action == "auth" ? FeedPeer.Status("auth_failed", "authentication failed") : null);
            });
        await using var running = new RunningFeed(feed, Market.Stock, RunningFeed.Names(10), options: RunningFeed.Small);
        await running.StatusAsync(status => status.Connections.Count(connection => connection.State == ConnectionState.Open) == 1);
        opened.SetResult();
        await running.StatusAsync(status => status.Failure is not null
            && status.Connections.Count(connection => connection.State == ConnectionState.Open) == 1
            && status.Connections.Count(connection => connection.State == ConnectionState.Ended) == status.Connections.Count - 1);
        refused.SetResult();

        await running.StatusAsync(status => status.Connections.All(connection => connection.State == ConnectionState.Ended));

        running.Log.Lines.ShouldContain(line => line.Contains("is not opened again", StringComparison.Ordinal));
        running.Log.Lines.ShouldNotContain(line => line.Contains("attempt is in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_lost_session_ends_coverage_at_last_message()
    {
        var covered = new TaskCompletionSource();
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                // Wait for coverage first, because an abort may overtake messages that were sent before it.
                await covered.Task;
                peer.Abort();
            },
            peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], time: new AdvancingTime());
        await running.CoveredAsync(1);
        covered.SetResult();

        var changes = await running.CoverageAsync(changes => changes.Count == 3);

        changes.Select(change => (change.IsCovered, change.Cause)).ShouldBe(
            [(true, LossCause.None), (false, LossCause.Disconnected), (true, LossCause.None)]);
        changes[1].AtMs.ShouldBeInRange(changes[0].AtMs, changes[2].AtMs);
        changes[1].Detail.ShouldNotBeEmpty();
        await running.StopAsync();
        running.Coverage[^1].Cause.ShouldBe(LossCause.Disconnected);
    }

    [Fact]
    public async Task Reconnect_restarts_only_the_connection_of_the_channel()
    {
        var sessions = 0;
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            // If the new session opened between two requests of the loop below, it would be restarted too.
            if (Interlocked.Increment(ref sessions) > 2)
            {
                await requested.Task;
            }

            await _server.ServeAsync(peer);
        });
        await using var running = new RunningFeed(
            feed, Market.Stock, RunningFeed.Names(10), options: RunningFeed.Small with { ReconnectDelay = TimeSpan.FromMinutes(1) });
        await running.CoveredAsync(20);
        var slot = running.Feed.SlotOf(RunningFeed.Channels(Market.Stock, "S0")[0]).ShouldNotBeNull();
        var slotChannels = RunningFeed.Channels(Market.Stock, RunningFeed.Names(10)).Where(channel => running.Feed.SlotOf(channel) == slot)
            .ToArray();

        foreach (var channel in slotChannels)
        {
            running.Feed.Reconnect(channel, "nothing came");
        }

        requested.SetResult();
        await running.CoverageAsync(changes => changes.Count == 20 + (2 * slotChannels.Length));
        feed.Accepted.ShouldBe(3);
        var lost = running.Coverage.Where(change => !change.IsCovered).ToList();
        lost.Select(change => change.Channel).ShouldBe(slotChannels, ignoreOrder: true);
        lost.ShouldAllBe(change => change.Cause == LossCause.Stale && change.Detail == "nothing came");
    }

    [Fact]
    public async Task RunAsync_refused_symbol_is_named_and_others_continue()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(
            peer, (_, action, names) => action == "subscribe" && names.Contains("C.XAU/USD") ? FeedPeer.Status("error", "not authorized")
                : null));
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD", "XAUUSD", "USDJPY"], new SessionTimings { Settle = TimeSpan.FromMilliseconds(20) });

        await running.CoveredAsync(2);
        var status = await running.StatusAsync(status => status.Refused.Count > 0);

        status.Refused.ShouldBe(new Dictionary<string, string> { ["C.XAU/USD"] = "not authorized" });
        status.Missing.ShouldBeEmpty();
        feed.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_each_message_counts_against_the_budget()
    {
        using var budget = new RequestBudget(1);
        await budget.TakeAsync(TestContext.Current.CancellationToken);
        var turnBeforeConnect = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        var (connectedAfterTurn, subscribedAfterTurn) = (false, false);
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            // Callers get permits in order, one second apart.
            connectedAfterTurn = turnBeforeConnect.IsCompleted;
            var turnBeforeSubscribe = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
            await _server.ServeAsync(peer, (_, action, _) =>
            {
                if (action == "subscribe")
                {
                    subscribedAfterTurn = turnBeforeSubscribe.IsCompleted;
                    budget.PerSecond = 1000;
                }

                return null;
            });
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], budget: budget);

        await running.CoveredAsync(1);

        (connectedAfterTurn, subscribedAfterTurn).ShouldBe((true, true));
    }

    [Fact]
    public async Task RunAsync_peer_without_pong_is_disconnected()
    {
        // The script applies to every session, because on a busy machine a session may be disconnected during its login.
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.WaitForDisconnectAsync();
        });
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"],
            new SessionTimings { PingInterval = TimeSpan.FromMilliseconds(50), NoPong = TimeSpan.FromSeconds(1) });

        var changes = await running.CoverageAsync(changes => changes.Count >= 3);

        changes[1].Cause.ShouldBe(LossCause.Stale);
        changes[1].Detail.ShouldContain("neither data nor a pong");
    }

    [Fact]
    public async Task RunAsync_peer_with_pongs_or_full_queue_stays_connected()
    {
        // NoPong is long, so that a peer that is only slow, as on a busy machine, does not count as silent.
        var timings = new SessionTimings { PingInterval = TimeSpan.FromMilliseconds(20), NoPong = TimeSpan.FromSeconds(5) };
        var flood = new string(' ', 1 << 20) + "[]";
        await using var quiet = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var busy = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            for (var frame = 0; frame < 200; frame++)
            {
                await peer.SendAsync(flood);
            }

            await peer.UntilClosedAsync();
        });
        await using var dead = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.WaitForDisconnectAsync();
        });
        await using var toQuiet = new RunningFeed(quiet, Market.Forex, ["EURUSD"], timings);
        await using var toBusy = new RunningFeed(busy, Market.Forex, ["EURUSD"], timings);
        await toQuiet.CoveredAsync(1);
        await toBusy.CoveredAsync(1);
        // Wait until the queue is full, so that the busy session waits for room.
        await toBusy.StatusAsync(_ => toBusy.Frames.Bytes > toBusy.Frames.MaxBytes - flood.Length);

        // Wait until a silent peer has been dropped twice; the other two must stay connected for that long.
        await using (var toDead = new RunningFeed(dead, Market.Forex, ["EURUSD"], timings))
        {
            await toDead.CoverageAsync(changes => changes.Count >= 5);
        }

        quiet.Accepted.ShouldBe(1);
        busy.Accepted.ShouldBe(1);
        toBusy.Frames.Bytes.ShouldBeGreaterThan(toBusy.Frames.MaxBytes - flood.Length);
        while (toBusy.Frames.TryRead(out var frame))
        {
            frame.Return();
        }
    }

    /// <summary>The system's clock, which advances by an additional millisecond each time it is read.</summary>
    private sealed class AdvancingTime : TimeProvider
    {
        private long _readCount;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMilliseconds(Interlocked.Increment(ref _readCount));
    }
}
