using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class HubRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_sent_during_a_kill_are_stored_once_in_order()
    {
        const int rounds = 3;
        const int records = 300;
        const int partitions = 6; // use all four connections, two of them for two partitions
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        await using var producer = Clients.Producer(connection);
        var delivered = new List<Task<long>>();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < records; i++)
            {
                var value = Clients.Bytes($"{delivered.Count / partitions}");
                delivered.Add(await producer.SendAsync(TopicNames.TickArchive, delivered.Count % partitions, value, [], Cancellation));
                if (i == records / 2)
                {
                    await hub.KillAsync();
                }
            }

            await hub.RestartAsync(Cancellation);
        }

        var offsets = await Task.WhenAll(delivered).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var total = rounds * records;
        var recordsPerPartition = total / partitions;
        var ranges = Enumerable.Range(0, partitions).Select(partition => new OffsetRange(partition, 0, recordsPerPartition)).ToList();
        var read = await Clients.Consumer(connection).ReadAsync(TopicNames.TickArchive, ranges, Cancellation).ToListAsync(Cancellation);
        var ends = await Clients.Positions(connection).GetWatermarksAsync(TopicNames.TickArchive, Cancellation);

        offsets.ShouldBe(Enumerable.Range(0, total).Select(i => (long)(i / partitions)));
        for (var partition = 0; partition < partitions; partition++)
        {
            read.Where(record => record.Origin.Partition == partition).Select(Clients.Text)
                .ShouldBe(Enumerable.Range(0, recordsPerPartition).Select(i => $"{i}"));
            ends[partition].High.ShouldBe(recordsPerPartition);
        }
    }

    [Fact]
    public async Task Producer_prepared_during_an_outage_leaves_no_record()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        await hub.KillAsync();
        await using var producer = Clients.Producer(connection);

        using (var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var cancelledPreparation = producer.PrepareAsync(TopicNames.TickArchive, cancelled.Token);
            await cancelled.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => cancelledPreparation);
        }

        var preparation = producer.PrepareAsync(TopicNames.TickArchive, Cancellation);
        await hub.RestartAsync(Cancellation);
        await preparation;

        (await Clients.Positions(connection).GetWatermarksAsync(TopicNames.TickArchive, Cancellation)).ShouldAllBe(ends => ends.High == 0);
        (await await producer.SendAsync(TopicNames.TickArchive, 3, Clients.Bytes("first"), [], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Outage_with_waiting_records_is_logged_once()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        using var log = new LogRecorder<RecordProducer>();
        await using var producer = Clients.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("before"), [], Cancellation));
        producer.HubOutageDuration.ShouldBeNull();
        log.Clear(); // on a busy machine the first acknowledgement may take so long that it counts as an outage

        await hub.KillAsync();
        var delivered = await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("meanwhile"), [], Cancellation);
        await log.LineAsync("acknowledges nothing", Cancellation);
        producer.HubOutageDuration.ShouldNotBeNull();
        await hub.RestartAsync(Cancellation);

        (await delivered.WaitAsync(Cancellation)).ShouldBe(1);
        await log.LineAsync("acknowledges again", Cancellation);
        producer.HubOutageDuration.ShouldBeNull();
        log.Lines.Count.ShouldBe(2, string.Join('\n', log.Lines));
        log.Lines.First().ShouldContain("1 records (");
    }

    [Fact]
    public async Task Outage_without_waiting_records_is_not_logged()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        using var log = new LogRecorder<RecordProducer>();
        await using var producer = Clients.Producer(connection, logger: log);
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("before"), [], Cancellation));
        log.Clear(); // on a busy machine the first acknowledgement may take so long that it counts as an outage

        await hub.KillAsync();
        await hub.RestartAsync(Cancellation);
        log.Lines.ShouldBeEmpty();
        await (await producer.SendAsync(TopicNames.TickArchive, 5, Clients.Bytes("after"), [], Cancellation));

        // On a busy machine the client may notice the outage only now; then the record that was sent last is waiting.
        log.Lines.ShouldAllBe(
            line => line.Contains(" 1 records (", StringComparison.Ordinal)
                || line.Contains("acknowledges again", StringComparison.Ordinal));
    }
}
