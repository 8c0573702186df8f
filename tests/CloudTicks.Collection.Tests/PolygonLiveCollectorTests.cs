using CloudTicks.Collection.Feeds;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Tests;

/// <summary>Tests the collector used as a library.</summary>
[Collection(Hub.Name)]
public sealed class PolygonLiveCollectorTests(EventHubFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task ConnectWebSocketAsync_archives_ticks_of_symbols()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync(
                """[{"ev":"C","p":"EUR/USD","b":1.1,"a":1.2,"t":1700000000000},{"ev":"C","p":"XAU/USD","b":2000,"a":2001,"t":1700000000000}]""");
            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(fixture.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);

        await using (var collector = await new PolygonLiveCollector(OptionsFor(feed.Address))
            .ConnectWebSocketAsync(["EURUSD", "XAUUSD"], TestContext.Current.CancellationToken))
        {
            await UntilAsync(() => collector.GetStatus().Archived == 2);
        }

        ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, before)).Count.ShouldBe(2);
        (await feed.WaitForScriptEndAsync()).ClientCloseStatus.ShouldBe(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Unselected_symbol_is_counted_and_dropped()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync("""[{"ev":"C","p":"GBP/USD","b":1.1,"a":1.2,"t":1700000000000}]""");
            await peer.SendAsync(
                """[{"ev":"C","p":"GBP/USD","b":1.3,"a":1.2,"t":1700000000002},{"ev":"C","p":"EUR/USD","b":1.1,"a":1.2,"t":1700000000000}]""");
            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(fixture.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);

        CollectorStatus status;
        await using (var collector = await new PolygonLiveCollector(OptionsFor(feed.Address))
            .ConnectWebSocketAsync(["EURUSD"], TestContext.Current.CancellationToken))
        {
            await UntilAsync(
                () => collector.GetStatus() is { Archived: > 0 } now && now.Archived == now.Received && now.Symbols.ContainsKey("EURUSD"));
            status = collector.GetStatus();
        }

        (status.Unselected, status.Received, status.Archived, status.Rejected.Count).ShouldBe((2, 1, 1, 0));
        status.Symbols.Keys.ShouldBe(["EURUSD"]);
        ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, before)).Select(tick => tick.Symbol).ShouldBe(["EURUSD"]);
    }

    [Fact]
    public async Task ConnectWebSocketAsync_again_changes_symbols_of_session()
    {
        await using var feed = await ScriptedFeed.StartAsync(peer => peer.ServeAsync());
        await using (var collector = await new PolygonLiveCollector(OptionsFor(feed.Address))
            .ConnectWebSocketAsync(["EURUSD", "XAUUSD"], TestContext.Current.CancellationToken))
        {
            await collector.ConnectWebSocketAsync(["EURUSD", "GBPUSD"], TestContext.Current.CancellationToken);
            await UntilAsync(() => collector.GetStatus() is { } status
                && status.Connections["forex"].Connections.Single() is { Wanted: 2, Acknowledged: 2 });
        }

        var scriptedSession = await feed.WaitForScriptEndAsync();
        feed.Accepted.ShouldBe(1);
        scriptedSession.Received.Where(message => message.Action == "unsubscribe").ShouldHaveSingleItem().Parameters.ShouldBe("C.XAU/USD");
        scriptedSession.Received.Where(message => message.Action == "subscribe").Last().Parameters.ShouldBe("C.GBP/USD");
    }

    [Fact]
    public async Task ConnectWebSocketAsync_with_refused_key_throws()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.SendAsync("""[{"ev":"status","status":"connected","message":"Connected Successfully"}]""");
            await peer.ReceiveAsync();
            await peer.SendAsync("""[{"ev":"status","status":"auth_failed","message":"authentication failed"}]""");
        });
        await using var collector = new PolygonLiveCollector(OptionsFor(feed.Address));

        var refusal = await Should.ThrowAsync<CollectorException>(
            () => collector.ConnectWebSocketAsync(["EURUSD"], TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("authentication failed");
        refusal.Message.ShouldNotContain("canary-key-1234");
    }

    [Fact]
    public async Task ConnectWebSocketAsync_with_invalid_symbol_throws()
    {
        await using var collector = new PolygonLiveCollector(OptionsFor(new Uri("ws://127.0.0.1:1")));

        var refusal = await Should.ThrowAsync<OptionsValidationException>(
            () => collector.ConnectWebSocketAsync(["EUR USD"], TestContext.Current.CancellationToken));

        refusal.Message.ShouldContain("'EUR USD'");
    }

    [Fact]
    public async Task Cancelled_token_closes_session_and_completes()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.UntilClosedAsync();
        });
        using var cancelling = new CancellationTokenSource();
        await using var collector = await new PolygonLiveCollector(OptionsFor(feed.Address))
            .ConnectWebSocketAsync(["EURUSD"], cancelling.Token);

        await cancelling.CancelAsync();
        await collector.Completion.WaitAsync(TestContext.Current.CancellationToken);

        (await feed.WaitForScriptEndAsync()).ClientCloseStatus.ShouldBe(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached())
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private PolygonLiveCollectorOptions OptionsFor(Uri feed) => new()
    {
        ApiKey = "canary-key-1234",
        EventHub = fixture.BootstrapServers,
        Polygon = new PolygonOptions { Endpoint = feed },
        Collector = new CollectorOptions { FeedName = FeedName.Simulated, DataFolder = _folder.Path },
        DrainTimings = RunningCollector.DrainTimings,
    };
}
