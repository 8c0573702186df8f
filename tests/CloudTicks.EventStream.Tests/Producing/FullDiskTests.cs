using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_is_reported_until_space_is_free()
    {
        await using var disk = await SmallDisk.TryMountAsync(16, Cancellation);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await using var hub = await EventHubProcess.StartAsync(
            Path.Combine(disk.Path, "hub"), ["--EventHub:MinFreeBytes", "4000000"], cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        using var log = new LogRecorder<RecordProducer>();
        await using var producer = Clients.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("before"), [], Cancellation));
        log.Clear(); // on a busy machine the first acknowledgement may take so long that it counts as an outage
        Task<long> delivered;

        using (disk.Fill())
        {
            var refusedLine = log.LineAsync("has accepted no records", Cancellation);
            do
            {
                // The event hub checks its disk ten times a second, so it may still accept the first records.
                delivered = await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("meanwhile"), [], Cancellation);
            }
            while (await Task.WhenAny(delivered, refusedLine) == delivered);
            producer.HubOutageReason.ShouldBeOneOf("less than 4 MB are free", "the disk is full");
            (await HubDisk.ReadAsync(connection, Cancellation)).ShouldNotBeNull().WriteProblem.ShouldBe(producer.HubOutageReason);
        }

        (await delivered.WaitAsync(Cancellation)).ShouldBeGreaterThan(0);
        await log.LineAsync("acknowledges again", Cancellation);
        producer.HubOutageReason.ShouldBeNull();
        // The producer waits two seconds for the reason. On a busy machine an earlier line may report that there is no answer.
        var lines = log.Lines.Where(line => !line.Contains("(no answer)", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(2, string.Join('\n', log.Lines));
        lines[0].ShouldMatch("(are free|the disk is full)\\. 1 records ");
        lines[0].ShouldNotContain("Is it running");
    }

    [Fact]
    public async Task Cached_clients_read_positions_after_an_outage()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        using var positions = new StreamPositions(
            connection, TimeProvider.System, NullLogger<StreamPositions>.Instance)
        { CachesClients = true };
        await positions.GetWatermarksAsync(TopicNames.TickArchive, Cancellation);
        (await positions.GetCommittedAsync("one", TopicNames.TickArchive, Cancellation)).ShouldBeEmpty();

        await hub.KillAsync();
        await hub.RestartAsync(Cancellation);
        (await positions.GetWatermarksAsync(TopicNames.TickArchive, Cancellation)).Count.ShouldBe(ArchiveTopics.ArchivePartitions);
        (await positions.GetCommittedAsync("one", TopicNames.TickArchive, Cancellation)).ShouldBeEmpty();
    }
}
