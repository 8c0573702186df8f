using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>What tools ask for, by Confluent.Kafka. Its newer calls need a newer librdkafka than some systems have.</summary>
public sealed class ConfluentToolsTests : IAsyncLifetime
{
    private const int LibrdkafkaWithIncrementalChanges = 0x02020000;
    private const int LibrdkafkaWithOperations = 0x02030000;
    private const int LibrdkafkaWithGroupTypes = 0x02060000;
    private const int TestTimeout = 240_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TopicPartition First = new("ticks", 0);
    private static readonly ConfigResource Ticks = new() { Type = ResourceType.Topic, Name = "ticks" };
    private EventHubProcess _hub = null!;
    private IAdminClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _admin = Clients.Admin(_hub.BootstrapServers);
        await _admin.CreateTopicsAsync([new TopicSpecification { Name = "ticks", NumPartitions = 1 }]);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Groups_are_listed_by_their_state_and_lose_offsets_that_nobody_needs()
    {
        // This Confluent.Kafka lists groups by calls that older librdkafkas do not have.
        Assert.SkipWhen(Library.Version < LibrdkafkaWithGroupTypes, $"librdkafka {Library.VersionString} cannot ask for it.");
        using (var consumer = Clients.Consumer(_hub.BootstrapServers, "g"))
        {
            consumer.Subscribe("ticks");
            PollUntil(() => consumer.Assignment.Count == 1, consumer);
            consumer.Commit([new TopicPartitionOffset(First, 5)]);
            (await ListAsync(ConsumerGroupState.Stable)).ShouldBe(["g"]);
            (await ListAsync(ConsumerGroupState.Empty)).ShouldBeEmpty();
            var refused = await Should.ThrowAsync<DeleteConsumerGroupOffsetsException>(
                () => _admin.DeleteConsumerGroupOffsetsAsync("g", [First]));
            refused.Result.Partitions.Single().Error.Code.ShouldBe(ErrorCode.GroupSubscribedToTopic);
            consumer.Close();
        }

        (await ListAsync(ConsumerGroupState.Stable)).ShouldBeEmpty();
        (await ListAsync(ConsumerGroupState.Empty)).ShouldBe(["g"]);
        (await CommittedAsync()).ShouldBe(5);
        await _admin.DeleteConsumerGroupOffsetsAsync("g", [First]);
        (await CommittedAsync()).ShouldBe(Offset.Unset.Value);
    }

    [Fact]
    public void Member_with_a_session_timeout_out_of_bounds_is_refused()
    {
        using var consumer = Clients.ConsumerBuilder(_hub.BootstrapServers, "g", PartitionAssignmentStrategy.Range, sessionTimeoutMs: 1000)
            .Build();
        consumer.Subscribe("ticks");
        Should.Throw<ConsumeException>(() => consumer.Consume(Patience)).Error.Code.ShouldBe(ErrorCode.InvalidSessionTimeout);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Record_within_a_batch_is_found_by_its_time(CompressionType compression)
    {
        var start = DateTime.UnixEpoch.AddYears(50);
        using (var producer = Clients.Producer(_hub.BootstrapServers, compression))
        {
            for (var i = 0; i < 1000; i++)
            {
                producer.Produce(First, new Message<byte[], byte[]>
                {
                    Value = BitConverter.GetBytes(i),
                    Timestamp = new Timestamp(start.AddSeconds(i)),
                });
            }

            producer.Flush(Cancellation);
        }

        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        for (var i = 0; i < 1000; i += 111)
        {
            consumer.OffsetsForTimes([new TopicPartitionTimestamp(First, new Timestamp(start.AddSeconds(i - 0.5)))], Patience)
                .Single().Offset.Value.ShouldBe(i);
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Topic_is_made_with_the_settings_that_everybody_sends_and_not_with_one_that_cannot_be_met()
    {
        Dictionary<string, string> settings = new()
        {
            ["min.insync.replicas"] = "1",
            ["unclean.leader.election.enable"] = "false",
            ["message.timestamp.type"] = "CreateTime",
            ["compression.type"] = "producer",
            ["segment.ms"] = "60000",
            ["segment.bytes"] = "1048576",
        };
        await _admin.CreateTopicsAsync([new TopicSpecification { Name = "usual", Configs = settings }]);
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "usual" };
        var shown = (await _admin.DescribeConfigsAsync([resource])).Single().Entries;
        settings.ShouldAllBe(s => shown[s.Key].Value == s.Value);
        settings["min.insync.replicas"] = "2";
        var failure = await Should.ThrowAsync<CreateTopicsException>(
            () => _admin.CreateTopicsAsync([new TopicSpecification { Name = "odd", Configs = settings }]));
        failure.Results.Single().Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        failure.Results.Single().Error.Reason.ShouldBe("min.insync.replicas is 2; it must be 1");
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Single_settings_are_changed_and_others_stay()
    {
        Assert.SkipWhen(Library.Version < LibrdkafkaWithIncrementalChanges, $"librdkafka {Library.VersionString} cannot ask for it.");
        await ChangeAsync(("retention.ms", "60000", AlterConfigOpType.Set), ("segment.ms", "5000", AlterConfigOpType.Set));
        await ChangeAsync(("retention.ms", "", AlterConfigOpType.Delete));
        var entries = (await _admin.DescribeConfigsAsync([Ticks])).Single().Entries;
        (entries["retention.ms"].Value, entries["retention.ms"].Source).ShouldBe(("-1", ConfigSource.DefaultConfig));
        (entries["segment.ms"].Value, entries["segment.ms"].Source).ShouldBe(("5000", ConfigSource.DynamicTopicConfig));
        var failure = await Should.ThrowAsync<IncrementalAlterConfigsException>(
            () => ChangeAsync(("cleanup.policy", "shred", AlterConfigOpType.Set)));
        failure.Results.Single().Error.Reason.ShouldContain("cleanup.policy is shred");
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Cluster_topics_and_groups_are_described_with_the_operations_that_are_allowed()
    {
        Assert.SkipWhen(Library.Version < LibrdkafkaWithOperations, $"librdkafka {Library.VersionString} cannot ask for it.");
        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.Subscribe("ticks");
        PollUntil(() => consumer.Assignment.Count == 1, consumer);
        var cluster = await _admin.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true });
        cluster.Nodes.ShouldHaveSingleItem().Port.ShouldBe(_hub.Port);
        cluster.ClusterId.ShouldMatch("^[0-9a-f]{32}$");
        cluster.AuthorizedOperations.ShouldContain(AclOperation.Create);
        var topics = await _admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames(["ticks"]), new DescribeTopicsOptions { IncludeAuthorizedOperations = true });
        topics.TopicDescriptions.Single().AuthorizedOperations.ShouldContain(AclOperation.Write);
        var groups = await _admin.DescribeConsumerGroupsAsync(
            ["g"], new DescribeConsumerGroupsOptions { IncludeAuthorizedOperations = true });
        var group = groups.ConsumerGroupDescriptions.Single();
        (group.State, group.Members.Count).ShouldBe((ConsumerGroupState.Stable, 1));
        group.AuthorizedOperations.ShouldContain(AclOperation.Read);
    }

    private static void PollUntil(Func<bool> holds, IConsumer<byte[], byte[]> consumer)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience);
            consumer.Consume(TimeSpan.FromMilliseconds(50));
        }
    }

    private async Task ChangeAsync(params (string Name, string Value, AlterConfigOpType Operation)[] changes) =>
        await _admin.IncrementalAlterConfigsAsync(new()
        {
            [Ticks] = [.. changes.Select(c => new ConfigEntry { Name = c.Name, Value = c.Value, IncrementalOperation = c.Operation })],
        });

    private async Task<IEnumerable<string>> ListAsync(ConsumerGroupState state) =>
        (await _admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { MatchStates = [state] })).Valid.Select(g => g.GroupId);

    private async Task<long> CommittedAsync()
    {
        var offsets = await _admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", [First])]);
        return offsets.Single().Partitions.Single().Offset.Value;
    }
}
