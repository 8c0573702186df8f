using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Topics;

public sealed class StreamIdentityTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    private readonly EventStreamConnection _connection = EventStreamConnection.Parse(hub.BootstrapServers);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identity_lasts_as_long_as_the_topic()
    {
        using var admin = new AdminClientBuilder(_connection.AdminConfig()).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "lasting", NumPartitions = 1 }]);
        var first = await ResolveAsync(_connection, "lasting");
        var again = await ResolveAsync(_connection, "lasting");
        await admin.DeleteTopicsAsync(["lasting"]);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "lasting", NumPartitions = 1 }]);
        var recreated = await ResolveAsync(_connection, "lasting");

        first.ShouldMatch("^kafka:[0-9a-f]{32}:[0-9a-f]{32}$");
        again.ShouldBe(first);
        recreated.ShouldNotBe(first);
        recreated.Split(':')[1].ShouldBe(first.Split(':')[1], "it is the same cluster");
    }

    [Fact]
    public async Task Missing_topic_has_no_identity() =>
        (await Should.ThrowAsync<EventStreamException>(() => ResolveAsync(_connection, "missing"))).Message.ShouldContain("'missing'");

    [Fact]
    public async Task Unreachable_event_hub_has_no_identity() =>
        await Should.ThrowAsync<EventStreamException>(() => StreamIdentity.ResolveAsync(
            EventStreamConnection.Parse("127.0.0.1:1"), "ticks", NullLogger.Instance, TimeSpan.FromMilliseconds(300), Cancellation));

    [Fact]
    public async Task Event_hubs_are_identified_by_namespace_and_hub()
    {
        var connection = EventStreamConnection.Parse("Endpoint=sb://Acme.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b");

        (await ResolveAsync(connection, "tick_archive")).ShouldBe("eventhubs:acme/tick_archive");
    }

    private static Task<string> ResolveAsync(EventStreamConnection connection, string topic) =>
        StreamIdentity.ResolveAsync(connection, topic, NullLogger.Instance, TimeSpan.FromSeconds(60), Cancellation);
}
