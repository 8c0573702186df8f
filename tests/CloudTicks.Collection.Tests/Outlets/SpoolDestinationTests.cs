using CloudTicks.Collection.Tests.DbServer;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Outlets;

/// <summary>
/// Records that were spooled for one destination are delivered only to this destination, across several runs of the collector.
/// </summary>
public sealed class SpoolDestinationTests : IDisposable
{
    private const int Spooled = 200;
    private const int Direct = 50;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ticks_spooled_for_a_server_are_not_sent_to_another()
    {
        await using var other = await TestDbServer.StartAsync();
        // Nothing listens on this port before the last run, and no other test gets it.
        var port = FreePort.Choose();
        await using var feed = await FeedAsync(Spooled, Direct, 0);
        await SpoolAsync(feed, "127.0.0.1:1", ("Collector:DbServer", $"127.0.0.1:{port}"));
        await using (var running = await StartAsync(feed, "127.0.0.1:1", ("Collector:DbServer", other.Url.Authority)))
        {
            await running.UntilAsync(status => status.Received == Direct && status.Archived >= Direct && status.Spool is { Records: 0 });
        }

        Ticks(other).ShouldBe(Direct, "the ticks received while it was the destination");
        await using var restartedServer = await TestDbServer.StartAsync(port);
        await using (var running = await StartAsync(feed, "127.0.0.1:1", ("Collector:DbServer", $"127.0.0.1:{port}")))
        {
            await running.UntilAsync(status => status.Spool is { Records: 0 });
        }

        Ticks(restartedServer).ShouldBe(Spooled, "the spooled ticks");
        Ticks(other).ShouldBe(Direct);
    }

    [Fact]
    public async Task Ticks_spooled_for_a_hub_are_not_sent_to_another()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await using var other = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await using var feed = await FeedAsync(0, Spooled, Direct, 0);
        await using (var first = await StartAsync(feed, hub.BootstrapServers))
        {
            await first.UntilAsync(status => status.Connected.Count > 0 && status.Connected.Values.All(connected => connected));
        }

        await hub.KillAsync();
        await SpoolAsync(feed, hub.BootstrapServers);
        await using (var running = await StartAsync(feed, other.BootstrapServers))
        {
            await running.UntilAsync(status => status.Archived >= Direct && status.Spool is { Records: 0 });
        }

        await hub.RestartAsync(Cancellation);
        await using (var running = await StartAsync(feed, hub.BootstrapServers))
        {
            await running.UntilAsync(status => status.Spool is { Records: 0 });
        }

        ArchiveReader.Ticks(await new ArchiveReader(other.BootstrapServers).RecordsAsync(TopicNames.TickArchive)).Count.ShouldBe(Direct);
        ArchiveReader.Ticks(await new ArchiveReader(hub.BootstrapServers).RecordsAsync(TopicNames.TickArchive)).Count.ShouldBe(Spooled);
    }

    private async Task SpoolAsync(ScriptedFeed feed, string hub, params (string, string)[] settings)
    {
        await using var running = await StartAsync(feed, hub, settings);
        await running.UntilAsync(status => status.Spool is { SpooledTicks: Spooled });
    }

    private Task<RunningCollector> StartAsync(ScriptedFeed feed, string hub, params (string, string)[] settings) =>
        RunningCollector.StartAsync(
        feed.Address, hub,
        [("Collector:Symbols", "EUR/USD,XAU/USD,GBP/USD,USD/JPY,AUD/USD"), ("Collector:DataFolder", _folder.File("data")), .. settings]);

    /// <summary>A feed that sends the n-th number of ticks to the n-th connection.</summary>
    private static Task<ScriptedFeed> FeedAsync(params int[] counts) =>
        ScriptedFeed.StartAsync([.. counts.Select((count, number) => (Func<FeedPeer, Task>)(async peer =>
    {
        await peer.AcceptLoginAsync();
        await HubOutageTests.SendAsync(peer, 1 + counts[..number].Sum(), count);
        await peer.UntilClosedAsync();
    }))]);

    private static int Ticks(TestDbServer server) => server.Saved.Sum(body => body.Split("\"timestamp\":").Length - 1);
}
