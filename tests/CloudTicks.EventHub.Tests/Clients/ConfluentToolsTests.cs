using CloudTicks.TestServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>
/// Tests the requests that administration tools send, with Confluent.Kafka. <see cref="PlatformaticTests"/> covers the requests that need
/// librdkafka 2.2 or newer.
/// </summary>
public sealed class ConfluentToolsTests : IAsyncLifetime
{
    private const int TestTimeoutMs = 240_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TopicPartition Ticks0 = new("ticks", 0);
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

    [Fact]
    public void Session_timeout_out_of_bounds_is_refused()
    {
        using var consumer = Clients.ConsumerBuilder(_hub.BootstrapServers, "g", PartitionAssignmentStrategy.Range, sessionTimeoutMs: 1000)
            .Build();
        consumer.Subscribe("ticks");
        Should.Throw<ConsumeException>(() => consumer.Consume(MaxWait)).Error.Code.ShouldBe(ErrorCode.InvalidSessionTimeout);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Timestamp_lookup_finds_record_inside_batch(CompressionType compression)
    {
        var start = DateTime.UnixEpoch.AddYears(50);
        using (var producer = Clients.Producer(_hub.BootstrapServers, compression))
        {
            for (var i = 0; i < 1000; i++)
            {
                producer.Produce(Ticks0, new Message<byte[], byte[]>
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
            consumer.OffsetsForTimes([new TopicPartitionTimestamp(Ticks0, new Timestamp(start.AddSeconds(i - 0.5)))], MaxWait)
                .Single().Offset.Value.ShouldBe(i);
        }
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Topic_accepts_usual_settings_and_refuses_unsupported_one()
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
        var described = (await _admin.DescribeConfigsAsync([resource])).Single().Entries;
        settings.ShouldAllBe(s => described[s.Key].Value == s.Value);
        settings["min.insync.replicas"] = "2";
        var failure = await Should.ThrowAsync<CreateTopicsException>(
            () => _admin.CreateTopicsAsync([new TopicSpecification { Name = "odd", Configs = settings }]));
        failure.Results.Single().Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        failure.Results.Single().Error.Reason.ShouldBe("min.insync.replicas is 2; it must be 1");
    }
}
