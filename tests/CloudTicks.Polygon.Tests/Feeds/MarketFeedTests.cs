using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Polygon.Tests.Feeds;

public class MarketFeedTests
{
    private static readonly PolygonOptions Small = new() { ReconnectDelay = TimeSpan.Zero, SymbolsPerConnection = 5 };

    private readonly FeedServer _server = new();

    [Fact]
    public async Task RunAsync_symbols_are_spread_over_connections_and_a_symbols_channels_stay_together()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Stock, Names(14), options: Small);

        await running.CoveredAsync(28);

        feed.Accepted.ShouldBe(3);
        var held = _server.Held;
        held.SelectMany(names => names).Count().ShouldBe(28);
        held.ShouldAllBe(names => names.Count <= 10);
        held.ShouldAllBe(names => names.Where(name => name[0] == 'Q').All(name => names.Contains(name.Replace("Q.", "T.", StringComparison.Ordinal))));
        var status = await running.StatusAsync(status => status.IsConnected);
        status.Connections.Select(connection => connection.Slot).ShouldBe([0, 1, 2]);
        status.Connections.Sum(connection => connection.Acknowledged).ShouldBe(28);
        running.Coverage.ShouldAllBe(change => change.IsCovered && change.AtMs > 0);
    }

    [Fact]
    public async Task SetChannels_only_the_difference_is_asked()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD", "USDJPY"]);
        await running.CoveredAsync(2);

        running.SetSymbols("USDJPY", "XAUUSD");

        await _server.HeldAsync(held => held is [var names] && names.SequenceEqual(["C.USD/JPY", "C.XAU/USD"]));
        _server.Asked.Select(asked => $"{asked.Action} {asked.Name}").ShouldBe(
            ["subscribe C.EUR/USD", "subscribe C.USD/JPY", "unsubscribe C.EUR/USD", "subscribe C.XAU/USD"]);
        feed.Accepted.ShouldBe(1);
        await running.CoveredAsync(2);
        var end = running.Coverage.Where(change => !change.IsCovered).ShouldHaveSingleItem();
        end.Channel.ToString().ShouldBe("C.EUR/USD");
        end.Cause.ShouldBe(LossCause.Unsubscribed);
    }

    [Fact]
    public async Task SetChannels_a_symbol_that_moves_is_held_by_its_new_connection_before_its_old_one_gives_it_up()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Stock, Names(5), options: Small);
        await running.CoveredAsync(10);

        running.SetSymbols(Names(20));
        await running.CoveredAsync(40);
        await _server.HeldAsync(held => held.Count == 4 && held.SelectMany(names => names).Count() == 40);

        running.Coverage.ShouldAllBe(change => change.IsCovered);
        var moved = _server.Asked.Where(asked => asked.Action == "unsubscribe").ToList();
        moved.ShouldNotBeEmpty();
        foreach (var (peer, _, name) in moved)
        {
            var asked = _server.Asked.ToList();
            var end = asked.FindIndex(other => other.Peer == peer && other.Action == "unsubscribe" && other.Name == name);
            asked.FindIndex(other => other.Peer != peer && other.Action == "subscribe" && other.Name == name).ShouldBeInRange(0, end);
        }

        running.SetSymbols(Names(5));
        await _server.HeldAsync(held => held is [{ Count: 10 }]);
        running.Coverage.Count(change => !change.IsCovered).ShouldBe(30);
        running.Coverage.Where(change => !change.IsCovered).ShouldAllBe(change => change.Cause == LossCause.Unsubscribed);
    }

    [Fact]
    public async Task RunAsync_max_connections_shrinks_the_set_and_moves_the_symbols_and_is_remembered()
    {
        var limits = new LimitsInMemory();
        var authenticated = 0;
        string? Answer(FeedPeer peer, string action, string[] names)
        {
            // The server takes the key, and the first subscription, before it counts.
            return action == "subscribe" && peer.Received.Count == 2 && Interlocked.Increment(ref authenticated) == 3
                ? FeedPeer.Acknowledgements(action, names)[..^1] + "," + FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded.")[1..]
                : null;
        }

        await using (var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer, Answer)))
        {
            await using var running = new RunningFeed(feed, Market.Stock, Names(15), options: Small with { MaxConnections = 3 }, limits: limits);

            await _server.HeldAsync(held => held.Count == 2 && held.Sum(names => names.Count) == 30);
            await running.CoveredAsync(30);

            feed.Accepted.ShouldBe(3);
            var status = running.Feed.GetStatus();
            status.LearntLimit.ShouldBe(2);
            status.Connections.Count.ShouldBe(2);
            running.Coverage.Where(change => !change.IsCovered).ShouldAllBe(change => change.Cause == LossCause.ConnectionLimit);
            running.Log.Lines.ShouldContain(line => line.Contains("allows no 3 connections to stocks", StringComparison.Ordinal));
        }

        await using var again = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var restarted = new RunningFeed(again, Market.Stock, Names(15), options: Small with { MaxConnections = 3 }, limits: limits);
        await restarted.CoveredAsync(30);
        again.Accepted.ShouldBe(2);

        // Other settings are tried anew.
        restarted.Options.Set(restarted.Options.CurrentValue with { MaxConnections = 4 });
        await _server.HeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 30);
    }

    [Fact]
    public async Task RunAsync_max_connections_with_one_connection_says_that_another_process_has_the_key()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.LogInAsync();
                await peer.SendAsync(FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded."));
                await peer.HearAsync();
                peer.Abort();
            },
            peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"], new SessionTimings { Cooldown = TimeSpan.FromMilliseconds(1) });

        (await running.Log.LineAsync("Another process uses the same key")).ShouldContain("forex");
        await running.CoverageAsync(changes => changes.Count == 3);

        running.Coverage.Select(change => (change.IsCovered, change.Cause)).ShouldBe(
            [(true, LossCause.None), (false, LossCause.ConnectionLimit), (true, LossCause.None)]);
        running.Feed.GetStatus().LearntLimit.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_a_refused_key_stops_all_connections_of_the_market_until_the_options_change()
    {
        var refused = 0;
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync((action, _) =>
            action == "auth" && Interlocked.Increment(ref refused) <= 3 ? FeedPeer.Status("auth_failed", "authentication failed") : null));
        await using var running = new RunningFeed(feed, Market.Stock, Names(15), options: Small);

        var status = await running.StatusAsync(status => status.Failure is not null && status.Connections.All(connection => connection.State == ConnectionState.Ended));
        status.Failure!.ShouldContain("POLYGON_API_KEY");
        feed.Accepted.ShouldBeLessThanOrEqualTo(3);
        Interlocked.Exchange(ref refused, 3);
        running.Log.Lines.Count(line => line.StartsWith("Critical", StringComparison.Ordinal)).ShouldBe(1);

        running.Options.Set(running.Options.CurrentValue with { ReconnectDelay = TimeSpan.FromSeconds(1) });

        await running.CoveredAsync(30);
        running.Feed.GetStatus().Failure.ShouldBeNull();
    }

    [Fact]
    public async Task RunAsync_a_lost_session_ends_the_coverage_at_its_last_message()
    {
        var covered = new TaskCompletionSource();
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.LogInAsync();
                // An abort may overtake what was sent before.
                await covered.Task;
                peer.Abort();
            },
            peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], time: new LaterAtEachReading());
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
    public async Task Reconnect_the_channels_connection_begins_anew_at_once_and_the_others_stay()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(feed, Market.Stock, Names(10), options: Small with { ReconnectDelay = TimeSpan.FromMinutes(1) });
        await running.CoveredAsync(20);
        var slot = running.Feed.SlotOf(RunningFeed.Channels(Market.Stock, "S0")[0]).ShouldNotBeNull();
        var together = RunningFeed.Channels(Market.Stock, Names(10)).Where(channel => running.Feed.SlotOf(channel) == slot).ToArray();

        foreach (var channel in together)
        {
            running.Feed.Reconnect(channel, "nothing came");
        }

        await running.CoverageAsync(changes => changes.Count == 20 + (2 * together.Length));
        feed.Accepted.ShouldBe(3);
        var lost = running.Coverage.Where(change => !change.IsCovered).ToList();
        lost.Select(change => change.Channel).ShouldBe(together, ignoreOrder: true);
        lost.ShouldAllBe(change => change.Cause == LossCause.Stale && change.Detail == "nothing came");
    }

    [Fact]
    public async Task SetSlots_a_collector_that_shares_the_symbols_has_its_own_connections_alone()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var one = new RunningFeed(feed, Market.Stock, [], options: Small with { MaxConnections = 3 });
        await using var other = new RunningFeed(feed, Market.Stock, [], options: Small with { MaxConnections = 3 });
        one.Feed.SetSlots(new HashSet<int> { 0, 2 });
        other.Feed.SetSlots(new HashSet<int> { 1 });

        one.SetSymbols(Names(14));
        other.SetSymbols(Names(14));

        one.Feed.SlotCount.ShouldBe(3);
        await _server.HeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 28);
        _server.Held.SelectMany(names => names).Distinct().Count().ShouldBe(28);

        one.Feed.SetSlots(new HashSet<int>());
        other.Feed.SetSlots(null);

        await _server.HeldAsync(held => held.Count == 3 && held.Sum(names => names.Count) == 28);
        await other.CoveredAsync(28);
    }

    [Fact]
    public async Task RunAsync_a_symbol_that_the_server_refuses_is_named_and_the_others_go_on()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(
            peer, (_, action, names) => action == "subscribe" && names.Contains("C.XAU/USD") ? FeedPeer.Status("error", "not authorized") : null));
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD", "XAUUSD", "USDJPY"], new SessionTimings { Settle = TimeSpan.FromMilliseconds(20) });

        await running.CoveredAsync(2);
        var status = await running.StatusAsync(status => status.Refused.Count > 0);

        status.Refused.ShouldBe(new Dictionary<string, string> { ["C.XAU/USD"] = "not authorized" });
        status.Missing.ShouldBeEmpty();
        feed.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task SetChannels_option_contracts_beyond_what_the_connections_hold_are_left_out_and_named()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        var contracts = Enumerable.Range(0, 2005).Select(number => $"O:SPY251219C{number:00000}000").ToArray();
        await using var running = new RunningFeed(feed, Market.Option, contracts, options: Small with { MaxConnections = 2 });

        await running.CoveredAsync(4000);

        running.Feed.GetStatus().LeftOut.Count.ShouldBe(5);
        _server.MostHeld.ShouldBe(2000);
        running.Log.Lines.ShouldContain(line => line.Contains("5 symbols of options are left out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_each_message_to_the_server_takes_its_turn_in_the_budget()
    {
        using var budget = new RequestBudget(1);
        await budget.TakeAsync(TestContext.Current.CancellationToken);
        var connectTurn = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        var (connectedAfterTurn, subscribedAfterTurn) = (false, false);
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            // Who has asked for a turn before gets it before, by a second.
            connectedAfterTurn = connectTurn.IsCompleted;
            var subscriptionTurn = budget.TakeAsync(TestContext.Current.CancellationToken).AsTask();
            await _server.ServeAsync(peer, (_, action, _) =>
            {
                if (action == "subscribe")
                {
                    subscribedAfterTurn = subscriptionTurn.IsCompleted;
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
    public async Task RunAsync_a_peer_that_answers_no_ping_is_left()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.LogInAsync();
                await peer.UntilGoneAsync();
            },
            peer => _server.ServeAsync(peer));
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"],
            new SessionTimings { PingInterval = TimeSpan.FromMilliseconds(50), NoPong = TimeSpan.FromMilliseconds(500) });

        var changes = await running.CoverageAsync(changes => changes.Count >= 3);

        changes[1].Cause.ShouldBe(LossCause.Stale);
        changes[1].Detail.ShouldContain("not even a pong");
    }

    [Fact]
    public async Task RunAsync_a_quiet_peer_that_answers_pings_stays_and_so_does_one_whose_ticks_wait_for_room()
    {
        var timings = new SessionTimings { PingInterval = TimeSpan.FromMilliseconds(20), NoPong = TimeSpan.FromMilliseconds(300) };
        var flood = new string(' ', 1 << 20) + "[]";
        await using var quiet = await ScriptedFeed.StartAsync(peer => _server.ServeAsync(peer));
        await using var busy = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            for (var frame = 0; frame < 200; frame++)
            {
                await peer.SendAsync(flood);
            }

            await peer.UntilClosedAsync();
        });
        await using var dead = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            await peer.UntilGoneAsync();
        });
        await using var toQuiet = new RunningFeed(quiet, Market.Forex, ["EURUSD"], timings);
        await using var toBusy = new RunningFeed(busy, Market.Forex, ["EURUSD"], timings);
        await toQuiet.CoveredAsync(1);
        await toBusy.CoveredAsync(1);

        // Others are left three times meanwhile.
        await using (var toDead = new RunningFeed(dead, Market.Forex, ["EURUSD"], timings))
        {
            await toDead.CoverageAsync(changes => changes.Count >= 7);
        }

        quiet.Accepted.ShouldBe(1);
        busy.Accepted.ShouldBe(1);
        toBusy.Frames.Bytes.ShouldBeGreaterThan(toBusy.Frames.MaxBytes - flood.Length);
        while (toBusy.Frames.TryRead(out var frame))
        {
            frame.Return();
        }
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"S{number}")];

    /// <summary>A clock that moves on by a millisecond whenever it is read: what was read later is later.</summary>
    private sealed class LaterAtEachReading : TimeProvider
    {
        private long _readings;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMilliseconds(Interlocked.Increment(ref _readings));
    }
}
