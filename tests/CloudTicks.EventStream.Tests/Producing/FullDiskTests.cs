using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class FullDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_is_reported_until_space_is_free()
    {
        await using var disk = await SmallDisk.TryMountAsync(16, Stop);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await using var hub = await EventHubProcess.StartAsync(
            Path.Combine(disk.Path, "hub"), ["--EventHub:MinFreeBytes", "4000000"], cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        using var log = new WarningLog<RecordProducer>();
        await using var producer = Streams.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("before"), [], Stop));
        Task<long> delivered;

        using (disk.Fill())
        {
            var refused = log.LineAsync("has accepted no records", Stop);
            do
            {
                // The event hub checks its disk ten times a second: it may still accept the first records.
                delivered = await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("meanwhile"), [], Stop);
            }
            while (await Task.WhenAny(delivered, refused) == delivered);
            producer.HubOutageReason.ShouldBeOneOf("less than 4 MB are free", "the disk is full");
            (await HubDisk.ReadAsync(connection, Stop)).ShouldNotBeNull().WriteProblem.ShouldBe(producer.HubOutageReason);
        }

        (await delivered.WaitAsync(Stop)).ShouldBeGreaterThan(0);
        await log.LineAsync("acknowledges again", Stop);
        producer.HubOutageReason.ShouldBeNull();
        log.Lines.Count.ShouldBe(2, string.Join('\n', log.Lines));
        log.Lines.First().ShouldMatch("(are free|the disk is full)\\. 1 records, ");
        log.Lines.First().ShouldNotContain("Is it running");
    }

    [Fact]
    public async Task Cached_clients_read_positions_after_an_outage()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        using var positions = new StreamPositions(
            connection, TimeProvider.System, NullLogger<StreamPositions>.Instance)
        { CachesClients = true };
        await positions.GetWatermarksAsync(TopicNames.TickArchive, Stop);
        (await positions.GetCommittedAsync("one", TopicNames.TickArchive, Stop)).ShouldBeEmpty();

        await hub.KillAsync();
        await hub.RestartAsync(Stop);
        (await positions.GetWatermarksAsync(TopicNames.TickArchive, Stop)).Count.ShouldBe(ArchiveTopics.ArchivePartitions);
        (await positions.GetCommittedAsync("one", TopicNames.TickArchive, Stop)).ShouldBeEmpty();
    }
}
