using System.Net.WebSockets;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Sessions;

public class PolygonConnectionTests
{
    private const string Quote = """{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1700000000123}""";

    [Fact]
    public async Task RunAsync_authenticates_subscribes_receives_and_closes()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($"[{Quote}]");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD", "XAUUSD"]);

        (await running.TicksAsync()).ShouldBe($"[{Quote}]");
        (await running.Log.LineAsync("Connected to Polygon.io")).ShouldContain(feed.Address.Authority);
        await running.Log.LineAsync("acknowledged all 2 channels");
        running.Feed.GetStatus().IsConnected.ShouldBeTrue();
        await running.StopAsync();

        var peer = await feed.WaitForScriptEndAsync();
        peer.Path.ShouldBe("/forex");
        peer.Received.ShouldBe([("auth", RunningFeed.ApiKey), ("subscribe", "C.EUR/USD,C.XAU/USD")]);
        peer.ClientCloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        running.Feed.GetStatus().IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_messages_before_close_frame_are_received()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.ReceiveAnyAsync();
            await peer.SendAsync($"[{Quote}]");
            await peer.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);
        await running.Log.LineAsync("acknowledged all");

        await running.StopAsync();

        (await running.TicksAsync()).ShouldBe($"[{Quote}]");
    }

    [Fact]
    public async Task RunAsync_older_authenticated_status_is_accepted()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.SendAsync(FeedPeer.Status("connected", "Connected Successfully"));
            await peer.ReceiveAsync();
            await peer.SendAsync(FeedPeer.Status("success", "authenticated"));
            await peer.ReceiveAsync();
            await peer.SendAsync(FeedPeer.Status("success", "subscribed to: Q.BRK.A,T.BRK.A"));
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Stock, ["BRK.A"]);

        await running.CoveredAsync(2);
        await running.StopAsync();

        (await feed.WaitForScriptEndAsync()).Received[^1].ShouldBe(("subscribe", "Q.BRK.A,T.BRK.A"));
    }

    [Fact]
    public async Task RunAsync_auth_failed_is_final_and_names_the_setting()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.SendAsync(FeedPeer.Status("connected", "Connected Successfully"));
            await peer.ReceiveAsync();
            await peer.SendAsync(FeedPeer.Status("auth_failed", $"authentication failed for {RunningFeed.ApiKey}"));
            await peer.ReceiveAnyAsync();
            peer.Abort();
        });
        await using var running = new RunningFeed(feed, Market.Option, ["O:SPY251219C00650000"]);

        var failure = (await running.StatusAsync(status => status.Failure is not null)).Failure!;

        failure.ShouldContain("POLYGON_API_KEY");
        failure.ShouldContain("authentication failed for ***");
        running.Log.Lines.ShouldNotContain(line => line.Contains(RunningFeed.ApiKey, StringComparison.Ordinal));
        feed.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_unacknowledged_channels_are_named()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync("C.GBP/USD");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD", "GBPUSD"], new SessionTimings
            {
                Settle = TimeSpan.FromMilliseconds(50),
                Acknowledgement = TimeSpan.FromMilliseconds(100),
                RetryDelay = TimeSpan.FromMilliseconds(10)
            });

        var line = await running.Log.LineAsync("did not acknowledge");

        line.ShouldContain("C.GBP/USD");
    }

    [Fact]
    public async Task RunAsync_max_connections_after_authentication_cools_down()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync(FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded."));
            await peer.CloseAsync(WebSocketCloseStatus.PolicyViolation, "");
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"], new SessionTimings { Cooldown = TimeSpan.FromHours(1) });

        var line = await running.Log.LineAsync("MaxConnections");

        var pause = double.Parse(line.Split("The next attempt is in ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        pause.ShouldBeInRange(3600, 7200);
        feed.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_lost_session_is_replaced_with_same_channels()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                peer.Abort();
            },
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "restart");
            },
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.SendAsync($"[{Quote}]");
                await peer.UntilClosedAsync();
            });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.TicksAsync();
        await running.StopAsync();

        for (var session = 0; session < 3; session++)
        {
            (await feed.WaitForScriptEndAsync()).Received[^1].ShouldBe(("subscribe", "C.EUR/USD"));
        }
    }

    [Fact]
    public async Task RunAsync_silent_server_is_disconnected()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.UntilClosedAsync(), async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"], new SessionTimings { Handshake = TimeSpan.FromMilliseconds(500) });

        await running.Log.LineAsync("HandshakeTimeout");
        await running.Log.LineAsync("Connected to Polygon.io");
    }

    [Fact]
    public async Task RunAsync_server_without_greeting_gets_the_key()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.ReceiveAsync();
            await peer.SendAsync(FeedPeer.Status("auth_success", "authenticated"));
            await peer.SendAsync($"[{Quote}]");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(
            feed, Market.Forex, ["EURUSD"], new SessionTimings { Greeting = TimeSpan.FromMilliseconds(20) });

        await running.TicksAsync();
        await running.StopAsync();

        (await feed.WaitForScriptEndAsync()).Received[0].ShouldBe(("auth", RunningFeed.ApiKey));
        running.Log.Lines.ShouldContain(line => line.Contains("sent no greeting within 0 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_statuses_and_ticks_of_one_frame_are_handled()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.SendAsync("""{"status":"connected","ev":"status"}""");
            await peer.ReceiveAsync();
            await peer.SendAsync($$"""[{{Quote}},{"ev":"st\u0061tus","status":"auth_success","message":"authenticated"},{{Quote}}]""");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.Log.LineAsync("Connected to Polygon.io");
        (await running.TicksAsync()).Split("EUR/USD").Length.ShouldBe(3);
    }

    [Fact]
    public async Task RunAsync_message_above_4_MiB_ends_session_with_error()
    {
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.SendFragmentAsync($"[{Quote}", false);
                await peer.SendFragmentAsync(new string(' ', MessageBuffer.MaxBytes), true);
                await peer.UntilClosedAsync();
            },
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.SendFragmentAsync($"[{Quote}{new string(' ', 1 << 20)}", false);
                await peer.SendFragmentAsync("]", true);
                await peer.UntilClosedAsync();
            });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        (await running.Log.LineAsync("FrameTooLarge")).ShouldContain("4194304");
        (await running.TicksAsync()).Length.ShouldBeGreaterThan(1 << 20);
        await running.StopAsync();
    }

    [Fact]
    public async Task RunAsync_errors_and_unknown_statuses_are_only_logged()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync(FeedPeer.Status("error", "not authorized"));
            await peer.SendAsync(FeedPeer.Status("surprise", "no one knows"));
            await peer.SendAsync("hello");
            await peer.SendAsync($"[{Quote}]");
            await peer.UntilClosedAsync();
        });
        await using var running = new RunningFeed(feed, Market.Forex, ["EURUSD"]);

        await running.TicksAsync();

        running.Log.Lines.ShouldContain(
            line => line.StartsWith("Error: ", StringComparison.Ordinal) && line.Contains("not authorized", StringComparison.Ordinal));
        running.Log.Lines.ShouldContain(
            line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains("surprise", StringComparison.Ordinal));
        feed.Accepted.ShouldBe(1);
    }
}
