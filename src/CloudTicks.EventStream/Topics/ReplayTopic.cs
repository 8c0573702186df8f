using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CloudTicks.EventStream.Topics;

/// <summary>The topic that takes replayed ticks.</summary>
public static class ReplayTopic
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Creates the topic where it is missing and permitted, permanent, with the archive's number of partitions.</summary>
    public static async Task<int> EnsureAsync(
        EventStreamConnection connection, string topic, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using var admin = new AdminClientBuilder(connection.AdminConfig())
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { }) // each call reports its own error
            .BuildFor(connection);
        string? refusal = null;
        try
        {
            var specification = new TopicSpecification
            {
                Name = topic,
                NumPartitions = ArchiveTopics.ArchivePartitions,
                Configs = new() { ["retention.ms"] = "-1", ["retention.bytes"] = "-1" },
            };
            await admin.CreateTopicsAsync([specification], new CreateTopicsOptions { RequestTimeout = Timeout, OperationTimeout = Timeout })
                .WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException refused)
        {
            // Also when it is there already, which the question below tells.
            refusal = refused.Results[0].Error.Reason;
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} did not answer within {Timeout.TotalSeconds:0} s; is it running?", failed.Error);
        }

        return await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(topic, refusal, Timeout, cancellationToken);
    }
}
