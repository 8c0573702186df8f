using System.Globalization;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection.Tests;

public class HubOutageTests
{
    [Fact]
    public async Task Collector_ticks_that_come_while_the_hub_is_away_are_archived_in_order_when_it_is_back()
    {
        const int each = 20_000;
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var killed = new TaskCompletionSource();
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.LogInAsync();
            await SendAsync(peer, 1, each);
            await killed.Task;
            await SendAsync(peer, each + 1, each);
            await peer.UntilClosedAsync();
        });
        var archive = new ArchiveReader(hub.BootstrapServers);
        var before = await archive.NowAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(feed.Address, hub.BootstrapServers, ("Collector:Symbols", "EURUSD"));
        await running.UntilAsync(status => status.Archived > 0);

        await hub.KillAsync();
        killed.SetResult();
        // Nothing waits for the hub before the memory for records is full.
        await running.UntilAsync(status => status.Received == 2 * each);
        await running.UntilAsync(status => status.HubAwayMs is not null);
        (await running.HealthAsync()).ShouldBe(HealthStatus.Unhealthy);
        await hub.RestartAsync(TestContext.Current.CancellationToken);
        var after = await running.UntilAsync(status => status.Archived == 2 * each);

        after.HubAwayMs.ShouldBeNull();
        (await running.HealthAsync()).ShouldBe(HealthStatus.Healthy);
        ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, before)).Select(tick => tick.Bid)
            .ShouldBe(Enumerable.Range(1, 2 * each).Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task SendAsync(FeedPeer peer, int first, int count)
    {
        foreach (var chunk in Enumerable.Range(first, count).Chunk(500))
        {
            var quotes = chunk.Select(number => string.Create(
                CultureInfo.InvariantCulture, $$"""{"ev":"C","p":"EUR/USD","b":{{number}},"a":999999,"t":1700000000000}"""));
            await peer.SendAsync($"[{string.Join(',', quotes)}]");
        }
    }
}
