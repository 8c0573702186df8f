using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests;

public class HubOutageTests
{
    private static readonly string[] Pairs = ["EUR/USD", "XAU/USD", "GBP/USD", "USD/JPY", "AUD/USD"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Collector_archives_ticks_of_hub_outage_in_order(bool isSuspended)
    {
        const int each = 20_000;
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var away = new TaskCompletionSource();
        var back = new TaskCompletionSource();
        await using var feed = await StartFeedInThreePartsAsync(each, away.Task, back.Task);
        var archive = new ArchiveReader(hub.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, hub.BootstrapServers, ("Collector:Symbols", string.Join(',', Pairs)));
        await running.UntilAsync(status => status.Archived > 0);

        await (isSuspended ? hub.SuspendAsync(TestContext.Current.CancellationToken) : hub.KillAsync());
        away.SetResult();
        await running.UntilAsync(
            status => status.Received == 2 * each && status.Spool is { State: SpoolStatus.Filling, SpooledTicks: > 0 });
        // The queue does not wait for the event hub.
        await running.UntilAsync(status => status.HubAwayMs is not null && status.QueuedBytes == 0);
        (await running.HealthAsync()).ShouldBe(HealthStatus.Unhealthy);
        await (isSuspended ? hub.ResumeAsync(TestContext.Current.CancellationToken)
            : hub.RestartAsync(TestContext.Current.CancellationToken));
        back.SetResult();
        await running.UntilAsync(status => status.Archived == 3 * each && status.HubAwayMs is null);
        (await running.HealthAsync()).ShouldBe(HealthStatus.Healthy);
        await running.UntilAsync(status => status.Spool is { Bytes: 0, State: SpoolStatus.Empty });
        AssertInOrder(await archive.RecordsAsync(TopicNames.TickArchive, before), 3 * each);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Collector_recreates_lost_archive_and_resends_its_records(bool isCreatedByOther)
    {
        const int each = 5_000;
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var away = new TaskCompletionSource();
        var back = new TaskCompletionSource();
        await using var feed = await StartFeedInThreePartsAsync(each, away.Task, back.Task);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, hub.BootstrapServers, ("Collector:Symbols", string.Join(',', Pairs)));
        await running.UntilAsync(status => status.Archived == each);
        await hub.KillAsync();
        away.SetResult();
        await running.UntilAsync(
            status => status.Received == 2 * each && status.Spool is { State: SpoolStatus.Filling, SpooledTicks: > 0 });

        Directory.Delete(hub.DataFolder, recursive: true);
        await hub.RestartAsync(TestContext.Current.CancellationToken);
        if (isCreatedByOther)
        {
            await ArchiveTopics.EnsureAsync(
                EventStreamConnection.Parse(hub.BootstrapServers), NullLogger.Instance, TimeSpan.FromMinutes(2), TimeProvider.System,
                TestContext.Current.CancellationToken);
        }

        back.SetResult();
        await running.UntilAsync(status => status.Archived == 3 * each && status.HubAwayMs is null);

        (await running.HealthAsync()).ShouldBe(HealthStatus.Healthy);
        var archive = new ArchiveReader(hub.BootstrapServers);
        AssertInOrder(await archive.RecordsAsync(TopicNames.TickArchive), 2 * each, first: each + 1);
    }

    [Fact]
    public async Task Collector_started_in_hub_outage_spools_from_first_tick()
    {
        const int each = 1_000;
        using var folder = new TemporaryFolder();
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var feed = await ScriptedFeed.StartAsync(
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await peer.UntilClosedAsync();
            },
            async peer =>
            {
                await peer.AcceptLoginAsync();
                await SendAsync(peer, 1, each);
                await peer.UntilClosedAsync();
            });
        (string, string)[] settings = [("Collector:Symbols", string.Join(',', Pairs)), ("Collector:DataFolder", folder.Path)];
        var archive = new ArchiveReader(hub.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using (var first = await RunningCollector.StartAsync(feed.Address, hub.BootstrapServers, settings))
        {
            await first.UntilAsync(status => status.Connected.Count > 0 && status.Connected.Values.All(connected => connected));
        }

        await hub.KillAsync();
        await using var running = await RunningCollector.StartAsync(feed.Address, hub.BootstrapServers, settings);
        await running.UntilAsync(status => status.Received == each && status.Spool is { SpooledTicks: each });
        await hub.RestartAsync(TestContext.Current.CancellationToken);
        await running.UntilAsync(status => status.Archived == each);

        AssertInOrder(await archive.RecordsAsync(TopicNames.TickArchive, before), each);
    }

    [Fact]
    public async Task Collector_with_full_disk_refuses_ticks_and_counts_all()
    {
        await using var disk = await SmallDisk.TryMountAsync(24, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var away = new TaskCompletionSource();
        var full = new TaskCompletionSource();
        var back = new TaskCompletionSource();
        const int each = 50_000;
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            var closed = peer.UntilClosedAsync();
            await away.Task;
            await SendAsync(peer, 1, each);
            await full.Task;
            await SendAsync(peer, each + 1, each);
            await back.Task;
            await SendAsync(peer, (2 * each) + 1, each);
            await closed;
        });
        var archive = new ArchiveReader(hub.BootstrapServers);
        var before = await archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, hub.BootstrapServers, ("Collector:Symbols", string.Join(',', Pairs)),
            ("Collector:DataFolder", Path.Combine(disk.Path, "collector")));
        await running.UntilAsync(status => status.Connected.Count > 0 && status.Connected.Values.All(connected => connected));
        await hub.KillAsync();
        away.SetResult();
        await running.UntilAsync(status => status.Received == each && status.Spool is { SpooledTicks: > 0 });

        CollectorStatus refused;
        using (disk.Fill())
        {
            await running.UntilAsync(status => status.Spool is { Pressure: "refuse" });
            full.SetResult();
            refused = await running.UntilAsync(status => status.Received == 2 * each && status.Spool is { RefusedTicks: > 0 });
            (await running.HealthAsync()).ShouldBe(HealthStatus.Unhealthy);
        }

        await hub.RestartAsync(TestContext.Current.CancellationToken);
        await running.UntilAsync(status => status.Spool is { Pressure: "none" });
        back.SetResult();
        var after = await running.UntilAsync(
            status => status.Received == 3 * each && status.Archived + status.Spool!.RefusedTicks == 3 * each);

        after.Spool!.RefusedTicks.ShouldBe(refused.Spool!.RefusedTicks);
        after.Spool.ConflatedTicks.ShouldBe(0);
        var ticks = ArchiveReader.Ticks(await archive.RecordsAsync(TopicNames.TickArchive, before));
        ticks.Count.ShouldBe((int)after.Archived);
        ticks.Select(tick => tick.Bid).Distinct().Count().ShouldBe(ticks.Count);
        foreach (var symbol in ticks.GroupBy(tick => tick.Symbol))
        {
            symbol.Select(tick => int.Parse(tick.Bid, CultureInfo.InvariantCulture)).ShouldBeInOrder();
        }
    }

    [Fact]
    public async Task Collector_of_full_hub_reports_reason_and_delivers_later()
    {
        const int each = 1_000;
        await using var disk = await SmallDisk.TryMountAsync(24, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await using var hub = await EventHubProcess.StartAsync(
            Path.Combine(disk.Path, "hub"), ["--EventHub:MinFreeBytes", "4000000"],
            cancellationToken: TestContext.Current.CancellationToken);
        var full = new TaskCompletionSource();
        var room = new TaskCompletionSource();
        await using var feed = await StartFeedInThreePartsAsync(each, full.Task, room.Task);
        await using var running =
            await RunningCollector.StartAsync(feed.Address, hub.BootstrapServers, ("Collector:Symbols", string.Join(',', Pairs)));
        await running.UntilAsync(status => status.Archived == each);

        using (disk.Fill())
        {
            full.SetResult();
            // The event hub detects the full disk by checking the free space, or before that by a failed write.
            await running.UntilAsync(status => status.HubAwayReason is "less than 4 MB are free" or "the disk is full");
            // The reason may change between the two calls, or be unknown for a moment because a busy event hub does not answer.
            await running.UntilHealthAsync(check => check.Description is { } description
                && (description.Contains("(less than 4 MB are free)", StringComparison.Ordinal)
                    || description.Contains("(the disk is full)", StringComparison.Ordinal)));
        }

        room.SetResult();
        await running.UntilAsync(status => status.Archived == 3 * each && status.HubAwayReason is null);
        (await running.HealthAsync()).ShouldBe(HealthStatus.Healthy);
    }

    internal static void AssertInOrder(IEnumerable<EventStream.Records.StreamRecord> records, int count, int first = 1)
    {
        var ticks = ArchiveReader.Ticks(records);
        ticks.Count.ShouldBe(count);
        var bySymbol = ticks.GroupBy(tick => tick.Symbol).ToDictionary(
            symbol => symbol.Key, symbol => symbol.Select(tick => int.Parse(tick.Bid, CultureInfo.InvariantCulture)).ToList());
        bySymbol.Values.ShouldAllBe(bids => bids.SequenceEqual(bids.Order()));
        bySymbol.Values.SelectMany(bids => bids).Order().ShouldBe(Enumerable.Range(first, count));
    }

    /// <summary>A feed that sends ticks three times, the second and third time after a signal.</summary>
    private static Task<ScriptedFeed> StartFeedInThreePartsAsync(int each, Task second, Task third) => ScriptedFeed.StartAsync(async peer =>
    {
        await peer.AcceptLoginAsync();
        var closed = peer.UntilClosedAsync();
        await SendAsync(peer, 1, each);
        await second;
        await SendAsync(peer, each + 1, each);
        await third;
        await SendAsync(peer, (2 * each) + 1, each);
        await closed;
    });

    internal static async Task SendAsync(FeedPeer peer, int first, int count)
    {
        foreach (var chunk in Enumerable.Range(first, count).Chunk(500))
        {
            var quotes = chunk.Select(number => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"ev":"C","p":"{{Pairs[number % Pairs.Length]}}","b":{{number}},"a":999999,"t":{{1_700_000_000_000 + (number * 10L)}}}"""));
            await peer.SendAsync($"[{string.Join(',', quotes)}]");
        }
    }
}
