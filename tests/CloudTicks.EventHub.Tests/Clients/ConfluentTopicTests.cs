using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Creating, extending, describing and emptying topics with Confluent.Kafka's AdminClient, over restarts and kills.</summary>
public sealed class ConfluentTopicTests
{
    private const int RecordBytes = 6000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);
    private static readonly TopicPartition Ticks0 = new("ticks", 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Added_partitions_are_used_by_clients()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var admin = Clients.Admin(hub.BootstrapServers);
        await CreateAsync(admin, 1);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "ticks", IncreaseTo = 3 }]);
        admin.GetMetadata("ticks", MaxWait).Topics.Single().Partitions.Count.ShouldBe(3);
        using var producer = Clients.Producer(hub.BootstrapServers);
        var written = await producer.ProduceAsync(
            new TopicPartition("ticks", 2), new Message<byte[], byte[]> { Value = [1] }, Cancellation);
        written.Offset.Value.ShouldBe(0);
        var failure = await Should.ThrowAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "ticks", IncreaseTo = 3 }]));
        failure.Results[0].Error.Code.ShouldBe(ErrorCode.InvalidPartitions);
        failure.Results[0].Error.Reason.ShouldContain("has 3 partitions");

        await hub.KillAsync();
        await hub.RestartAsync(Cancellation);
        using var consumer = Clients.Consumer(hub.BootstrapServers, "g");
        consumer.Subscribe("ticks");
        consumer.Consume(MaxWait).ShouldNotBeNull().TopicPartition.ShouldBe(new TopicPartition("ticks", 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deleted_records_do_not_return(bool killed)
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var admin = Clients.Admin(hub.BootstrapServers);
        await CreateAsync(admin, 1, ("segment.bytes", "65536"));
        await ProduceAsync(hub, 30);
        var deleted = await admin.DeleteRecordsAsync([new TopicPartitionOffset(Ticks0, 17)]);
        deleted.Single().Offset.Value.ShouldBe(17);
        if (killed)
        {
            await hub.KillAsync();
        }

        await hub.RestartAsync(Cancellation);
        using var consumer = Clients.Consumer(hub.BootstrapServers, "g");
        consumer.QueryWatermarkOffsets(Ticks0, MaxWait).Low.Value.ShouldBe(17);
        consumer.Assign(new TopicPartitionOffset(Ticks0, 3)); // out of range: the client resets to the earliest offset
        for (var i = 17; i < 30; i++)
        {
            var record = consumer.Consume(MaxWait).ShouldNotBeNull();
            (record.Offset.Value, record.Message.Value[0]).ShouldBe((i, (byte)i));
        }

        var failure = await Should.ThrowAsync<DeleteRecordsException>(
            () => admin.DeleteRecordsAsync([new TopicPartitionOffset(Ticks0, 31)]));
        failure.Results[0].Error.Code.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await admin.DeleteRecordsAsync([new TopicPartitionOffset(Ticks0, Offset.End)])).Single().Offset.Value.ShouldBe(30);
    }

    [Fact]
    public async Task Admin_sees_settings_with_their_sources()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var admin = Clients.Admin(hub.BootstrapServers);
        await CreateAsync(admin, 1, ("retention.ms", "86400000"), ("max.message.bytes", "100000"));
        await hub.RestartAsync(Cancellation);
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "ticks" }]);
        var entries = described.Single().Entries;
        Show("retention.ms").ShouldBe(("86400000", ConfigSource.DynamicTopicConfig, false));
        Show("max.message.bytes").ShouldBe(("100000", ConfigSource.DynamicTopicConfig, false));
        Show("retention.bytes").ShouldBe(("-1", ConfigSource.DefaultConfig, true));
        Show("segment.bytes").ShouldBe(("268435456", ConfigSource.DefaultConfig, true));

        var failure = await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync(
            [new TopicSpecification { Name = "odd", Configs = new Dictionary<string, string> { ["retention.ms"] = "soon" } }]));
        failure.Results[0].Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        failure.Results[0].Error.Reason.ShouldContain("milliseconds, or -1 for no limit");

        (string, ConfigSource, bool) Show(string name) => (entries[name].Value, entries[name].Source, entries[name].IsDefault);
    }

    [Fact]
    public async Task Expired_records_are_deleted_and_offsets_continue()
    {
        await using var hub = await EventHubProcess.StartAsync(
            arguments: ["--EventHub:UpkeepInterval", "00:00:00.2", "--EventHub:LogFileBytes", "65536"], cancellationToken: Cancellation);
        using var admin = Clients.Admin(hub.BootstrapServers);
        await CreateAsync(admin, 1, ("retention.ms", "1"));
        await ProduceAsync(hub, 10);
        using var consumer = Clients.Consumer(hub.BootstrapServers, "g");
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!hub.Log.Any(line => line.Contains("the log now begins at offset 10", StringComparison.Ordinal)))
        {
            TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(MaxWait);
            consumer.QueryWatermarkOffsets(Ticks0, MaxWait).Low.Value.ShouldBeLessThanOrEqualTo(10);
        }

        await ProduceAsync(hub, 1);
        consumer.QueryWatermarkOffsets(Ticks0, MaxWait).High.Value.ShouldBe(11);
        while (DataCopy.LogBytes(hub.DataFolder) >= 10 * RecordBytes)
        {
            TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(MaxWait, "the log file is deleted after a checkpoint");
            consumer.QueryWatermarkOffsets(Ticks0, MaxWait);
        }
    }

    [Fact]
    public async Task Kills_during_retention_lose_no_retained_record()
    {
        const int rounds = 8;
        const int batches = 40;
        await using var hub = await EventHubProcess.StartAsync(
            arguments: ["--EventHub:UpkeepInterval", "00:00:00.1", "--EventHub:CheckpointBytes", "300000"],
            cancellationToken: Cancellation);
        using var admin = Clients.Admin(hub.BootstrapServers);
        await CreateAsync(admin, 1, ("segment.bytes", "65536"), ("retention.bytes", "200000"));
        using var producer = Clients.Producer(hub.BootstrapServers);
        var sentCount = 0;
        long start = 0;
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < batches; i++, sentCount++)
            {
                var value = new byte[9000];
                BitConverter.TryWriteBytes(value, sentCount);
                (await producer.ProduceAsync(Ticks0, new Message<byte[], byte[]> { Value = value }, Cancellation)).Offset.Value.ShouldBe(
                    sentCount);
            }

            await hub.KillAsync();
            await hub.RestartAsync(Cancellation);
            using var consumer = Clients.Consumer(hub.BootstrapServers, $"check-{round}");
            consumer.Assign(new TopicPartitionOffset(Ticks0, Offset.Beginning));
            var record = consumer.Consume(MaxWait).ShouldNotBeNull();
            record.Offset.Value.ShouldBeGreaterThanOrEqualTo(start, "deleted records do not reappear");
            (sentCount - record.Offset.Value).ShouldBeGreaterThanOrEqualTo(200_000 / 9100);
            start = record.Offset.Value;
            for (var i = start; i < sentCount; i++)
            {
                if (record.Offset.Value > i)
                {
                    // The event hub deletes records during the read, so the skipped records must be before the start of the log.
                    consumer.QueryWatermarkOffsets(Ticks0, MaxWait).Low.Value.ShouldBeGreaterThanOrEqualTo(
                        record.Offset.Value, "a retained record was lost");
                    (sentCount - record.Offset.Value).ShouldBeGreaterThanOrEqualTo(200_000 / 9100);
                    i = record.Offset.Value;
                }

                (record.Offset.Value, (long)BitConverter.ToInt32(record.Message.Value)).ShouldBe((i, i));
                if (i + 1 < sentCount)
                {
                    record = consumer.Consume(MaxWait).ShouldNotBeNull();
                }
            }
        }

        start.ShouldBeGreaterThan(0, "segments were deleted");
        hub.Log.ShouldNotContain(line => line.Contains("damaged", StringComparison.Ordinal));
    }

    private static Task CreateAsync(IAdminClient admin, int partitions, params (string Name, string Value)[] settings) =>
        admin.CreateTopicsAsync(
        [new TopicSpecification { Name = "ticks", NumPartitions = partitions, ReplicationFactor = 1,
            Configs = settings.ToDictionary(s => s.Name, s => s.Value) }]);

    private static async Task ProduceAsync(EventHubProcess hub, int records)
    {
        using var producer = Clients.Producer(hub.BootstrapServers);
        for (var i = 0; i < records; i++)
        {
            var value = new byte[RecordBytes];
            value[0] = (byte)i;
            await producer.ProduceAsync(Ticks0, new Message<byte[], byte[]> { Value = value }, Cancellation);
        }
    }
}
