using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Topics;

public sealed class ArchiveTopicsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archive_has_32_partitions_with_unlimited_retention()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);

        (await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, Timeout, TimeProvider.System, Cancellation)).ShouldBe(32);
        (await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, Timeout, TimeProvider.System, Cancellation)).ShouldBe(32);

        using var admin = new AdminClientBuilder(connection.AdminConfig()).Build();
        foreach (var topic in (string[])[TopicNames.TickArchive, TopicNames.DeadLetters])
        {
            var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
            described[0].Entries["retention.ms"].Value.ShouldBe("-1");
        }
    }

    [Fact]
    public async Task Existing_archive_keeps_its_partitions()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        using var admin = new AdminClientBuilder(connection.AdminConfig()).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = TopicNames.TickArchive, NumPartitions = 3 }]);

        (await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, Timeout, TimeProvider.System, Cancellation)).ShouldBe(3);
    }

    [Fact]
    public async Task Error_names_unreachable_event_hub()
    {
        var refusal = await Should.ThrowAsync<EventStreamException>(() => ArchiveTopics.EnsureAsync(
            EventStreamConnection.Parse("127.0.0.1:1"), NullLogger.Instance, TimeSpan.FromMilliseconds(500), TimeProvider.System,
            Cancellation));

        refusal.Message.ShouldContain("127.0.0.1:1");
        refusal.Message.ShouldContain("is the event hub running?");
    }
}
