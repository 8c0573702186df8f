using Confluent.Kafka;

namespace CloudTicks.EventStream.Topics;

internal sealed class TopicMetadataReader(IAdminClient admin, EventStreamConnection connection, TimeProvider time)
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="timeout">The maximum wait; a new topic reaches each broker with a delay.</param>
    /// <exception cref="EventStreamException">The topic does not exist, or the broker does not answer.</exception>
    public async Task<int> PartitionCountAsync(string topic, string? refusal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            Error problem;
            try
            {
                var clusterMetadata = await Task.Run(() => admin.GetMetadata(topic, QueryTimeout), cancellationToken);
                var metadata = clusterMetadata.Topics.Single(one => one.Topic == topic);
                problem = metadata.Error;
                if (!problem.IsError && metadata.Partitions.Count > 0)
                {
                    return metadata.Partitions.Count;
                }
            }
            catch (KafkaException failed)
            {
                problem = failed.Error;
            }

            if (time.GetElapsedTime(started) > timeout)
            {
                throw problem.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.NoError
                    ? new EventStreamException(
                        $"{connection} has no topic '{topic}' and did not create it ({refusal ?? "no reason given"}): " +
                        $"create it with {ArchiveTopics.ArchivePartitions} partitions and unlimited retention",
                        problem)
                    : new EventStreamException($"{connection} does not describe topic '{topic}'; is the event hub running?", problem);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
