using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class HubRestartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_sent_during_a_kill_are_stored_once_in_order()
    {
        const int rounds = 3;
        const int records = 300;
        const int partitions = 6; // use all connections, and one connection twice
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        await using var producer = Streams.Producer(connection);
        var delivered = new List<Task<long>>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < records; i++)
            {
                var value = Streams.Bytes($"{delivered.Count / partitions}");
                delivered.Add(await producer.SendAsync(TopicNames.TickArchive, delivered.Count % partitions, value, [], Stop));
                if (i == records / 2)
                {
                    await hub.KillAsync();
                }
            }

            await hub.RestartAsync(Stop);
        }

        var offsets = await Task.WhenAll(delivered).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        var total = rounds * records;
        var each = total / partitions;
        var ranges = Enumerable.Range(0, partitions).Select(partition => new OffsetRange(partition, 0, each)).ToList();
        var read = await Streams.Consumer(connection).ReadAsync(TopicNames.TickArchive, ranges, Stop).ToListAsync(Stop);
        var ends = await Streams.Positions(connection).GetWatermarksAsync(TopicNames.TickArchive, Stop);

        offsets.ShouldBe(Enumerable.Range(0, total).Select(i => (long)(i / partitions)));
        for (var partition = 0; partition < partitions; partition++)
        {
            read.Where(record => record.Origin.Partition == partition).Select(Streams.Text)
                .ShouldBe(Enumerable.Range(0, each).Select(i => $"{i}"));
            ends[partition].High.ShouldBe(each);
        }
    }

    [Fact]
    public async Task Producer_prepared_during_an_outage_leaves_no_record()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        await hub.KillAsync();
        await using var producer = Streams.Producer(connection);

        using (var impatient = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            var prepared = producer.PrepareAsync(TopicNames.TickArchive, impatient.Token);
            await impatient.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => prepared);
        }

        var ready = producer.PrepareAsync(TopicNames.TickArchive, Stop);
        await hub.RestartAsync(Stop);
        await ready;

        (await Streams.Positions(connection).GetWatermarksAsync(TopicNames.TickArchive, Stop)).ShouldAllBe(ends => ends.High == 0);
        (await await producer.SendAsync(TopicNames.TickArchive, 3, Streams.Bytes("first"), [], Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task Outage_with_waiting_records_is_logged_once()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        using var log = new WarningLog<RecordProducer>();
        await using var producer = Streams.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("before"), [], Stop));
        producer.HubOutageDuration.ShouldBeNull();

        await hub.KillAsync();
        var delivered = await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("meanwhile"), [], Stop);
        await log.LineAsync("acknowledges nothing", Stop);
        producer.HubOutageDuration.ShouldNotBeNull();
        await hub.RestartAsync(Stop);

        (await delivered.WaitAsync(Stop)).ShouldBe(1);
        await log.LineAsync("acknowledges again", Stop);
        producer.HubOutageDuration.ShouldBeNull();
        log.Lines.Count.ShouldBe(2, string.Join('\n', log.Lines));
        log.Lines.First().ShouldContain("1 records (");
    }

    [Fact]
    public async Task Outage_without_waiting_records_is_not_logged()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Stop);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        using var log = new WarningLog<RecordProducer>();
        await using var producer = Streams.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("before"), [], Stop));

        await hub.KillAsync();
        await hub.RestartAsync(Stop);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Streams.Bytes("after"), [], Stop));

        log.Lines.ShouldBeEmpty();
    }
}
