using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Confluent.Kafka with Debian's librdkafka.</summary>
public sealed class ConfluentTests : IAsyncLifetime
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Records_are_read_as_sent(CompressionType compression)
    {
        await CreateTopicAsync("ticks", 3);
        using (var producer = Clients.Producer(_hub.BootstrapServers, compression))
        {
            for (var i = 0; i < 5000; i++)
            {
                producer.Produce(new TopicPartition("ticks", i % 3), new Message<byte[], byte[]>
                {
                    Key = [(byte)(i % 3)],
                    Value = BitConverter.GetBytes(i),
                    Headers = [new Header("feed", "simulated"u8.ToArray())],
                });
            }

            producer.Flush(MaxWait);
        }

        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.Assign(Enumerable.Range(0, 3).Select(p => new TopicPartitionOffset("ticks", p, Offset.Beginning)));
        var next = new int[] { 0, 1, 2 };
        for (var i = 0; i < 5000; i++)
        {
            var record = consumer.Consume(MaxWait).ShouldNotBeNull();
            BitConverter.ToInt32(record.Message.Value).ShouldBe(next[record.Partition]);
            record.Message.Key.ShouldBe([(byte)record.Partition.Value]);
            record.Message.Headers.GetLastBytes("feed").ShouldBe("simulated"u8.ToArray());
            next[record.Partition] += 3;
        }
    }

    [Fact]
    public async Task Two_consumers_share_and_hand_over_partitions()
    {
        await CreateTopicAsync("ticks", 4);
        using var first = Clients.Consumer(_hub.BootstrapServers, "g");
        first.Subscribe("ticks");
        PollUntil(() => first.Assignment.Count == 4, first);
        using (var second = Clients.Consumer(_hub.BootstrapServers, "g"))
        {
            second.Subscribe("ticks");
            PollUntil(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
            first.Assignment.Concat(second.Assignment).Select(p => p.Partition.Value).Order().ShouldBe([0, 1, 2, 3]);
            second.Close();
        }

        PollUntil(() => first.Assignment.Count == 4, first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Committed_offsets_survive_hub_restart(bool killed)
    {
        await CreateTopicAsync("ticks", 1);
        using var producer = Clients.Producer(_hub.BootstrapServers);
        for (var i = 0; i < 10; i++)
        {
            await ProduceAsync(producer, i);
        }

        using (var consumer = Clients.Consumer(_hub.BootstrapServers, "g"))
        {
            consumer.Subscribe("ticks");
            for (var i = 0; i < 4; i++)
            {
                BitConverter.ToInt32(consumer.Consume(MaxWait).ShouldNotBeNull().Message.Value).ShouldBe(i);
            }

            consumer.Commit([new TopicPartitionOffset("ticks", 0, 4)]);
            consumer.Close();
        }

        if (killed)
        {
            await _hub.KillAsync();
        }

        await _hub.RestartAsync(TestContext.Current.CancellationToken);
        using var restarted = Clients.Consumer(_hub.BootstrapServers, "g");
        restarted.Subscribe("ticks");
        BitConverter.ToInt32(restarted.Consume(MaxWait).ShouldNotBeNull().Message.Value).ShouldBe(4);
        (await ProduceAsync(producer, 10)).Offset.Value.ShouldBe(10, "the earlier producer continues");
    }

    [Fact]
    public async Task Running_consumer_continues_after_hub_kill()
    {
        await CreateTopicAsync("ticks", 1);
        using var producer = Clients.Producer(_hub.BootstrapServers);
        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.Subscribe("ticks");
        await ProduceAsync(producer, 0);
        BitConverter.ToInt32(consumer.Consume(MaxWait).ShouldNotBeNull().Message.Value).ShouldBe(0);
        consumer.Commit();
        await _hub.KillAsync();
        await _hub.RestartAsync(TestContext.Current.CancellationToken);
        await ProduceAsync(producer, 1);
        BitConverter.ToInt32(Next(consumer).Message.Value).ShouldBe(1);
        PollUntil(() => TryCommit(consumer), consumer);
    }

    [Fact]
    public async Task Timestamp_lookup_and_watermarks_are_correct()
    {
        await CreateTopicAsync("ticks", 1);
        using var producer = Clients.Producer(_hub.BootstrapServers);
        var start = DateTime.UnixEpoch.AddYears(50);
        for (var i = 0; i < 20; i++)
        {
            await producer.ProduceAsync(new TopicPartition("ticks", 0), new Message<byte[], byte[]>
            {
                Value = BitConverter.GetBytes(i),
                Timestamp = new Timestamp(start.AddSeconds(i)),
            }, TestContext.Current.CancellationToken);
        }

        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.OffsetsForTimes([new TopicPartitionTimestamp("ticks", 0, new Timestamp(start.AddSeconds(7)))], MaxWait)
            .Single().Offset.Value.ShouldBe(7);
        var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition("ticks", 0), MaxWait);
        (watermarks.Low.Value, watermarks.High.Value).ShouldBe((0, 20));
    }

    [Fact]
    public async Task Admin_sees_the_stream_identity()
    {
        await CreateTopicAsync("ticks", 2);
        using var admin = Clients.Admin(_hub.BootstrapServers);
        var first = await IdentityAsync(admin);
        first.Cluster.ShouldMatch("^[0-9a-f]{32}$");
        first.Topic.ShouldMatch("^[0-9a-f]{32}$");
        await admin.DeleteTopicsAsync(["ticks"]);
        await CreateTopicAsync("ticks", 2);
        var second = await IdentityAsync(admin);
        second.Cluster.ShouldBe(first.Cluster);
        second.Topic.ShouldNotBe(first.Topic);
        var failure = await Should.ThrowAsync<CreateTopicsException>(() => CreateTopicAsync("ticks", 2));
        failure.Results[0].Error.Code.ShouldBe(ErrorCode.TopicAlreadyExists);
        admin.GetMetadata("ticks", MaxWait).Topics.Single().Partitions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Tools_list_groups()
    {
        await CreateTopicAsync("ticks", 1);
        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.Subscribe("ticks");
        PollUntil(() => consumer.Assignment.Count == 1, consumer);
        using var admin = Clients.Admin(_hub.BootstrapServers);
        var group = admin.ListGroup("g", MaxWait);
        (group.State, group.ProtocolType, group.Members.Count).ShouldBe(("Stable", "consumer", 1));
    }

    [Fact]
    public void Transactional_producer_fails_immediately()
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = _hub.BootstrapServers, TransactionalId = "orders" }).SetLogHandler(static (_, _) => { })
                .Build();
        var failure = Should.Throw<KafkaException>(() => producer.InitTransactions(MaxWait)).Error;
        failure.IsFatal.ShouldBeTrue();
        failure.Code.ShouldBe(ErrorCode.TransactionalIdAuthorizationFailed);
        failure.Reason.ShouldContain("Transactional Id authorization failed");
    }

    private static async Task<(string Cluster, string Topic)> IdentityAsync(IAdminClient admin)
    {
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "ticks" }]);
        var entries = described.Single().Entries;
        entries["cloudticks.topic.id"].IsReadOnly.ShouldBeTrue();
        entries["retention.ms"].Value.ShouldBe("-1");
        return (entries["cloudticks.cluster.id"].Value, entries["cloudticks.topic.id"].Value);
    }

    private static Task<DeliveryResult<byte[], byte[]>> ProduceAsync(IProducer<byte[], byte[]> producer, int value) =>
        producer.ProduceAsync(
        new TopicPartition("ticks", 0), new Message<byte[], byte[]> { Value = BitConverter.GetBytes(value) },
        TestContext.Current.CancellationToken);

    private static ConsumeResult<byte[], byte[]> Next(IConsumer<byte[], byte[]> consumer)
    {
        ConsumeResult<byte[], byte[]>? next = null;
        PollUntil(() => (next = consumer.Consume(TimeSpan.FromMilliseconds(100))) is not null);
        return next!;
    }

    private static bool TryCommit(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            consumer.Commit();
            return true;
        }
        catch (KafkaException)
        {
            return false; // the restart removed the consumer from the group, and it has not rejoined yet
        }
    }

    /// <summary>Polls the consumers, which drives their group membership, until a condition holds.</summary>
    private static void PollUntil(Func<bool> holds, params IConsumer<byte[], byte[]>[] consumers)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(MaxWait);
            foreach (var consumer in consumers)
            {
                consumer.Consume(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private async Task CreateTopicAsync(string topic, int partitions)
    {
        using var admin = Clients.Admin(_hub.BootstrapServers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }
}
