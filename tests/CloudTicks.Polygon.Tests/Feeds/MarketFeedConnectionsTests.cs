using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Feeds;

/// <summary>Tests the distribution of a market's symbols over connections, and connection limits.</summary>
public class MarketFeedConnectionsTests
{
    private readonly FeedServer _server = new();

    [Fact]
    public async Task RunAsync_distributes_symbols_and_keeps_channels_together()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Stock, RunningFeed.Names(14), options: RunningFeed.Small);

        await running.CoveredAsync(28);

        feed.Accepted.ShouldBe(3);
        var held = _server.Held;
        held.SelectMany(names => names).Count().ShouldBe(28);
        held.ShouldAllBe(names => names.Count <= 10);
        held.ShouldAllBe(
            names => names.Where(name => name[0] == 'Q').All(name => names.Contains(name.Replace("Q.", "T.", StringComparison.Ordinal))));
        var status = await running.StatusAsync(status => status.IsConnected);
        status.Connections.Select(connection => connection.Slot).ShouldBe([0, 1, 2]);
        status.Connections.Sum(connection => connection.Acknowledged).ShouldBe(28);
        running.Coverage.ShouldAllBe(change => change.IsCovered && change.AtMs > 0);
    }

    [Fact]
    public async Task SetChannels_requests_only_the_difference()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD", "USDJPY"]);
        await running.CoveredAsync(2);

        running.SetSymbols("USDJPY", "XAUUSD");

        await _server.UntilHeldAsync(held => held is [var names] && names.SequenceEqual(["C.USD/JPY", "C.XAU/USD"]));
        _server.Requests.Select(asked => $"{asked.Action} {asked.Name}").ShouldBe(
            ["subscribe C.EUR/USD", "subscribe C.USD/JPY", "unsubscribe C.EUR/USD", "subscribe C.XAU/USD"]);
        feed.Accepted.ShouldBe(1);
        await running.CoveredAsync(2);
        var end = running.Coverage.Where(change => !change.IsCovered).ShouldHaveSingleItem();
        end.Channel.ToString().ShouldBe("C.EUR/USD");
        end.Cause.ShouldBe(LossCause.Unsubscribed);
    }

    [Fact]
    public async Task SetChannels_moved_symbol_is_subscribed_before_unsubscribed()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Stock, RunningFeed.Names(5), options: RunningFeed.Small);
        await running.CoveredAsync(10);

        running.SetSymbols(RunningFeed.Names(20));
        await running.CoveredAsync(40);
        await _server.UntilHeldAsync(held => held.Count == 4 && held.SelectMany(names => names).Count() == 40);

        running.Coverage.ShouldAllBe(change => change.IsCovered);
        var moved = _server.Requests.Where(asked => asked.Action == "unsubscribe").ToList();
        moved.ShouldNotBeEmpty();
        foreach (var (peer, _, name) in moved)
        {
            var asked = _server.Requests.ToList();
            var end = asked.FindIndex(other => other.Peer == peer && other.Action == "unsubscribe" && other.Name == name);
            asked.FindIndex(other => other.Peer != peer && other.Action == "subscribe" && other.Name == name).ShouldBeInRange(0, end);
        }

        running.SetSymbols(RunningFeed.Names(5));
        await _server.UntilHeldAsync(held => held is [{ Count: 10 }]);
        running.Coverage.Count(change => !change.IsCovered).ShouldBe(30);
        running.Coverage.Where(change => !change.IsCovered).ShouldAllBe(change => change.Cause == LossCause.Unsubscribed);
    }

    [Fact]
    public async Task RunAsync_connection_limit_moves_symbols_and_is_remembered()
    {
        var limits = new LimitsInMemory();
        var authenticated = 0;
        string? Answer(FeedPeer peer, string action, string[] names)
        {
            // The server accepts the key and the first subscription before it checks the number of connections.
            return action == "subscribe" && peer.Received.Count == 2 && Interlocked.Increment(ref authenticated) == 3
                ? FeedPeer.Acknowledgements(action, names)[..^1] + ","
                    + FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded.")[1..]
                : null;
        }

        await using (var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer, Answer)))
        {
            await using var running = new RunningFeed(
                feed, Market.Stock, RunningFeed.Names(15), options: RunningFeed.Small with { MaxConnections = 3 }, limits: limits);

            await _server.UntilHeldAsync(held => held.Count == 2 && held.Sum(names => names.Count) == 30);
            await running.CoveredAsync(30);

            feed.Accepted.ShouldBe(3);
            var status = running.Feed.GetStatus();
            status.LearntLimit.ShouldBe(2);
            status.Connections.Count.ShouldBe(2);
            running.Coverage.Where(change => !change.IsCovered).ShouldAllBe(change => change.Cause == LossCause.ConnectionLimit);
            running.Log.Lines.ShouldContain(line => line.Contains("does not allow 3 connections to stocks", StringComparison.Ordinal));
        }

        await using var again = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var restarted = new RunningFeed(
            again, Market.Stock, RunningFeed.Names(15), options: RunningFeed.Small with { MaxConnections = 3 }, limits: limits);
        await restarted.CoveredAsync(30);
        again.Accepted.ShouldBe(2);

        // A changed maximum makes the learnt limit obsolete.
        restarted.Options.Set(restarted.Options.CurrentValue with { MaxConnections = 4 });
        await _server.UntilHeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 30);
    }

    [Fact]
    public async Task RunAsync_limit_on_only_connection_reports_other_process()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.SendAsync(FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded."));
                await peer.ReceiveAnyAsync();
                peer.Abort();
            },
            peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"], new SessionTimings { Cooldown = TimeSpan.FromMilliseconds(1) });

        (await running.Log.LineAsync("Another process probably uses the same key")).ShouldContain("forex");
        await running.CoverageAsync(changes => changes.Count == 3);

        running.Coverage.Select(change => (change.IsCovered, change.Cause)).ShouldBe(
            [(true, LossCause.None), (false, LossCause.ConnectionLimit), (true, LossCause.None)]);
        running.Feed.GetStatus().LearntLimit.ShouldBeNull();
    }

    [Fact]
    public async Task SetSlots_opens_only_the_connections_of_this_collector()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var one = new RunningFeed(feed, Market.Stock, [], options: RunningFeed.Small with { MaxConnections = 3 });
        await using var other = new RunningFeed(feed, Market.Stock, [], options: RunningFeed.Small with { MaxConnections = 3 });
        one.Feed.SetSlots(new HashSet<int> { 0, 2 });
        other.Feed.SetSlots(new HashSet<int> { 1 });

        one.SetSymbols(RunningFeed.Names(14));
        other.SetSymbols(RunningFeed.Names(14));

        one.Feed.SlotCount.ShouldBe(3);
        await _server.UntilHeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 28);
        _server.Held.SelectMany(names => names).Distinct().Count().ShouldBe(28);

        one.Feed.SetSlots(new HashSet<int>());
        other.Feed.SetSlots(null);

        await _server.UntilHeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 28);
        await other.CoveredAsync(28);
    }

    [Fact]
    public async Task SetChannels_contracts_above_capacity_are_named()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        var contracts = Enumerable.Range(0, 2005).Select(number => $"O:SPY251219C{number:00000}000").ToArray();
        await using var running = new RunningFeed(feed, Market.Option, contracts, options: RunningFeed.Small with { MaxConnections = 2 });

        await running.CoveredAsync(4000);

        running.Feed.GetStatus().LeftOut.Count.ShouldBe(5);
        _server.MaxHeldChannels.ShouldBe(2000);
        running.Log.Lines.ShouldContain(line => line.Contains("5 symbols of options are not collected", StringComparison.Ordinal));
    }
}
