using CloudTicks.EventStream.Topics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Topics;

public sealed class TopicTrimmerTests
{
    private const int Records = 10;
    private static readonly DateTimeOffset FirstTimestamp = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10, 10, 4, 4)]
    [InlineData(10, 10, 100, 10)]
    [InlineData(10, 3, 8, 3)]
    [InlineData(10, null, 8, 0)]
    public async Task Old_records_are_deleted_when_all_groups_committed_them(
        int stored, int? published, int minutes, long beginning)
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await ArchiveTopics.EnsureAsync(connection, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        await FillAsync(connection);
        Commit(connection, ConsumerGroups.Timescale, stored);
        Commit(connection, ConsumerGroups.Nats, published);
        using var positions = Clients.Positions(connection);
        var trimmer = new TopicTrimmer(connection, positions, NullLogger<TopicTrimmer>.Instance);

        var share = await trimmer.TrimAsync(
            TopicNames.TickArchive, [ConsumerGroups.Timescale, ConsumerGroups.Nats],
            FirstTimestamp.AddMinutes(minutes).ToUnixTimeMilliseconds(), Cancellation);

        share.ShouldBe((double)beginning / Records);
        (await positions.GetWatermarksAsync(TopicNames.TickArchive, Cancellation))[7].Low.ShouldBe(beginning);
    }

    /// <summary>Writes one record per minute to partition 7.</summary>
    private static async Task FillAsync(EventStreamConnection connection)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(connection.ProducerConfig()).Build();
        for (var minute = 0; minute < Records; minute++)
        {
            await producer.ProduceAsync(
                new TopicPartition(TopicNames.TickArchive, 7),
                new Message<byte[], byte[]> { Value = [1], Timestamp = new Timestamp(FirstTimestamp.AddMinutes(minute)) }, Cancellation);
        }
    }

    private static void Commit(EventStreamConnection connection, string group, int? offset)
    {
        if (offset is { } committed)
        {
            using var consumer = new ConsumerBuilder<byte[], byte[]>(connection.ConsumerConfig(group)).Build();
            consumer.Commit([new TopicPartitionOffset(TopicNames.TickArchive, 7, committed)]);
        }
    }
}
