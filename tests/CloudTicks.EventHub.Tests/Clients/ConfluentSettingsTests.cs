using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Changes to topic settings with Confluent.Kafka's AdminClient.</summary>
public sealed class ConfluentSettingsTests : IAsyncLifetime
{
    private static readonly ConfigResource Ticks = new() { Type = ResourceType.Topic, Name = "ticks" };
    private EventHubProcess _hub = null!;
    private IAdminClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        _admin = Clients.Admin(_hub.BootstrapServers);
        await _admin.CreateTopicsAsync([new TopicSpecification { Name = "ticks", NumPartitions = 2 }]);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Changed_settings_survive_kill()
    {
        await _admin.AlterConfigsAsync(new() { [Ticks] = [Entry("segment.bytes", "65536")] });
        await _admin.AlterConfigsAsync(new() { [Ticks] = [Entry("retention.ms", "60000")] });
        await _hub.KillAsync();
        await _hub.RestartAsync(Cancellation);
        (await ChangedSettingsAsync()).ShouldBe(["retention.ms=60000"]);

        await _admin.AlterConfigsAsync(new() { [Ticks] = [Entry("max.message.bytes", "500000")] });
        (await ChangedSettingsAsync()).ShouldBe(["max.message.bytes=500000"]);
        await _admin.AlterConfigsAsync(
            new() { [Ticks] = [Entry("max.message.bytes", "1")] }, new AlterConfigsOptions { ValidateOnly = true });
        (await ChangedSettingsAsync()).ShouldBe(["max.message.bytes=500000"]);
    }

    [Fact]
    public async Task Unsupported_setting_is_refused_by_name()
    {
        var failure = await Should.ThrowAsync<AlterConfigsException>(
            () => _admin.AlterConfigsAsync(new() { [Ticks] = [Entry("min.insync.replicas", "2")] }));
        failure.Results.Single().Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        failure.Results.Single().Error.Reason.ShouldBe("min.insync.replicas is 2; it must be 1");
        var ofBroker = await Should.ThrowAsync<AlterConfigsException>(() => _admin.AlterConfigsAsync(new()
        {
            [new ConfigResource { Type = ResourceType.Broker, Name = "1" }] = [Entry("num.partitions", "2")],
        }));
        ofBroker.Results.Single().Error.Reason.ShouldContain("num.partitions");
    }

    [Fact]
    public async Task LogAppendTime_topic_sets_broker_time()
    {
        await _admin.AlterConfigsAsync(new() { [Ticks] = [Entry("message.timestamp.type", "LogAppendTime")] });
        using var producer = Clients.Producer(_hub.BootstrapServers, CompressionType.Lz4);
        var written = await producer.ProduceAsync(
            new TopicPartition("ticks", 0),
            new Message<byte[], byte[]> { Value = [1], Timestamp = new Timestamp(1000, TimestampType.CreateTime) }, Cancellation);
        written.Timestamp.Type.ShouldBe(TimestampType.LogAppendTime);
        using var consumer = Clients.Consumer(_hub.BootstrapServers, "g");
        consumer.Assign(new TopicPartitionOffset("ticks", 0, 0));
        var read = consumer.Consume(Cancellation);
        read.Message.Timestamp.ShouldBe(written.Timestamp);
        consumer.OffsetsForTimes([new TopicPartitionTimestamp(read.TopicPartition, written.Timestamp)], TimeSpan.FromSeconds(90))
            .Single().Offset.Value.ShouldBe(0);
    }

    private static ConfigEntry Entry(string name, string value) => new() { Name = name, Value = value };

    private async Task<List<string>> ChangedSettingsAsync() =>
        [.. (await _admin.DescribeConfigsAsync([Ticks])).Single().Entries.Values
            .Where(e => e.Source == ConfigSource.DynamicTopicConfig).Select(e => $"{e.Name}={e.Value}").Order(StringComparer.Ordinal)];
}
