using CloudTicks.Relay.Archive;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Relay.Tests.Archive;

public sealed class ArchiveTailTests : ArchiveHubTests
{
    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");
    private static readonly Symbol Yen = TestTick.SymbolOf("USDJPY");

    [Fact]
    public async Task Subscribers_get_the_events_of_each_symbol_in_order()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var euroClient = await archive.SubscribeAsync(Euro);
        var twoSymbolClient = await archive.SubscribeAsync(Euro, Pound);
        var wildcardClient = new TestClient();
        archive.Channels.SubscribeAll(wildcardClient, Market.Forex, TickKind.Quote);

        for (var number = 1; number <= 300; number += 3)
        {
            await writer.WriteAsync(
                from symbol in new[] { Euro, Pound, Yen }
                from step in Enumerable.Range(0, 3)
                select new TestTick(symbol, number + step, StartMs + number), Cancellation);
        }

        var expected = Enumerable.Range(1, 300);
        await euroClient.UntilLastAsync("EUR/USD", 300, Cancellation);
        await twoSymbolClient.UntilLastAsync("GBP/USD", 300, Cancellation);
        await twoSymbolClient.UntilLastAsync("EUR/USD", 300, Cancellation);
        await wildcardClient.UntilLastAsync("USD/JPY", 300, Cancellation);
        euroClient.NumbersOf("EUR/USD").ShouldBe(expected);
        twoSymbolClient.NumbersOf("EUR/USD").ShouldBe(expected);
        twoSymbolClient.NumbersOf("GBP/USD").ShouldBe(expected);
        wildcardClient.NumbersOf("USD/JPY").ShouldBe(expected);
        euroClient.NumbersOf("GBP/USD").ShouldBeEmpty();
    }

    [Fact]
    public async Task Repeats_of_ticks_before_the_start_are_also_skipped()
    {
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        // The tail recognizes repeats of ticks of the last 10 s. With a lagging clock the first tick is recent even if the start is slow.
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation, time: new LaggingClock());
        var client = await archive.SubscribeAsync(Euro);

        await writer.WriteAsync([new TestTick(Euro, 1, StartMs), new TestTick(Euro, 2, StartMs)], Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs), new TestTick(Euro, 3, StartMs)], Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 3, StartMs)], Cancellation, TickSource.Backfill);
        await writer.WriteAsync([new TestTick(Euro, 4, StartMs), new TestTick(Euro, 4, StartMs)], Cancellation);

        await client.UntilLastAsync("EUR/USD", 4, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([2, 3, 4]);
    }

    [Fact]
    public async Task Gap_records_and_unreadable_records_are_skipped()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var client = await archive.SubscribeAsync(Euro);
        var partition = Euro.PartitionOf(Partitions);
        var gap = new FeedGap(
            Guid.NewGuid(), Euro, TickKind.Quote, StartMs, StartMs + 1, "stale", "a test", GapState.Open, 0, null, StartMs);

        await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        await writer.WriteAsync(partition, GapRecord.Write(gap), Cancellation);
        await writer.WriteAsync(partition, [1, 2, 3], Cancellation);
        await writer.WriteAsync(partition, [], Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs)], Cancellation, TickSource.DbCommand);
        await writer.WriteAsync([new TestTick(Euro, 3, StartMs)], Cancellation, TickSource.Replay);
        await writer.WriteAsync([new TestTick(Euro, 4, 0), new TestTick(Euro, 5, StartMs)], Cancellation);

        await client.UntilLastAsync("EUR/USD", 5, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([1, 5]);
        archive.Metrics.RefusedOf(ArchiveFaultKind.Record).ShouldBe(2);
        archive.Metrics.RefusedOf(ArchiveFaultKind.Tick).ShouldBe(1);
        archive.Log.Lines.Count(line => line.Contains("is unreadable", StringComparison.Ordinal)).ShouldBe(1);
        archive.Log.Lines.Count(line => line.Contains("before 1990", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Tail_resumes_after_the_event_hub_was_killed()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var client = await archive.SubscribeAsync(Euro, Pound);

        for (var number = 1; number <= 30; number++)
        {
            await writer.WriteAsync([new TestTick(Euro, number, StartMs), new TestTick(Pound, number, StartMs)], Cancellation);
            if (number % 10 == 0)
            {
                await Hub.KillAsync();
                await Hub.RestartAsync(Cancellation);
            }
        }

        await client.UntilLastAsync("EUR/USD", 30, Cancellation);
        await client.UntilLastAsync("GBP/USD", 30, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe(Enumerable.Range(1, 30));
        client.NumbersOf("GBP/USD").ShouldBe(Enumerable.Range(1, 30));
        client.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Outage_is_in_the_status_until_it_is_over()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await archive.SubscribeAsync(Euro);
        var status = archive.Tail.GetStatus();
        status.Partitions.Count.ShouldBe(Partitions);
        (status.Paused, status.Problem, status.AwaySeconds, status.Lag).ShouldBe((false, null, null, 0));

        await Hub.KillAsync();
        await archive.Log.UntilLineAsync("The archive is unreadable", Cancellation);
        status = archive.Tail.GetStatus();
        status.Problem.ShouldNotBeNull();
        status.AwaySeconds.ShouldNotBeNull();

        await Hub.RestartAsync(Cancellation);
        await archive.Log.UntilLineAsync("The archive is readable again", Cancellation);
        archive.Tail.GetStatus().Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Clients_are_warned_when_the_archive_loses_its_last_record()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        await using var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        var client = await archive.SubscribeAsync(Euro);
        using var backup = new TemporaryFolder();
        await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        await client.UntilLastAsync("EUR/USD", 1, Cancellation);
        await Hub.StopAsync();
        Copy(Hub.DataFolder, backup.Path);
        await Hub.RestartAsync(Cancellation);
        await writer.WriteAsync([new TestTick(Euro, 2, StartMs)], Cancellation);
        await client.UntilLastAsync("EUR/USD", 2, Cancellation);

        await Hub.KillAsync();
        Directory.Delete(Hub.DataFolder, recursive: true);
        Copy(backup.Path, Hub.DataFolder);
        await Hub.RestartAsync(Cancellation);

        await archive.Log.UntilLineAsync("the tail was at offset 2, but the archive has offsets 0 to 1", Cancellation);
        await client.UntilAsync(() => client.Warnings.Count == 1, Cancellation);
        await using var other = new ArchiveWriter(Hub.BootstrapServers, Partitions);
        await other.WriteAsync([new TestTick(Euro, 3, StartMs)], Cancellation);
        await client.UntilLastAsync("EUR/USD", 3, Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Replaced_archive_is_read_from_the_time_of_the_last_record()
    {
        await using var archive = await RunningArchive.StartAsync(Hub.BootstrapServers, Cancellation);
        var client = await archive.SubscribeAsync(Euro);
        await using (var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions))
        {
            await writer.WriteAsync([new TestTick(Euro, 1, StartMs)], Cancellation);
        }

        await client.UntilLastAsync("EUR/USD", 1, Cancellation);
        await Hub.KillAsync();
        await archive.Log.UntilLineAsync("The archive is unreadable", Cancellation);
        Directory.Delete(Hub.DataFolder, recursive: true);
        await Hub.RestartAsync(Cancellation);
        await ArchiveWriter.CreateTopicsAsync(Hub.BootstrapServers, Partitions, Cancellation);
        await using (var writer = new ArchiveWriter(Hub.BootstrapServers, Partitions))
        {
            await writer.WriteAsync([new TestTick(Euro, 2, StartMs)], Cancellation);
        }

        await client.UntilLastAsync("EUR/USD", 2, Cancellation);
        await archive.Log.UntilLineAsync("The archive was replaced", Cancellation);
        client.NumbersOf("EUR/USD").ShouldBe([1, 2]);
        client.Warnings.ShouldHaveSingleItem();
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), overwrite: true);
        }
    }

    /// <summary>A clock that is ten minutes behind.</summary>
    private sealed class LaggingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(-10);
    }
}
