using Confluent.Kafka;

namespace CloudTicks.EventStream.Topics;

internal sealed class TopicMetadataReader(IAdminClient admin, EventStreamConnection connection, TimeProvider time)
{
    private static readonly TimeSpan OneAsk = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(100);

    /// <param name="timeout">How long to wait: a new topic takes a moment until every broker knows it.</param>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not answer.</exception>
    public async Task<int> PartitionCountAsync(string topic, string? refusal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            Error problem;
            try
            {
                var found = await Task.Run(() => admin.GetMetadata(topic, OneAsk), cancellationToken);
                var metadata = found.Topics.Single(one => one.Topic == topic);
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
                    : new EventStreamException($"{connection} says nothing of topic '{topic}'; is it running?", problem);
            }

            await Task.Delay(BetweenAsks, time, cancellationToken);
        }
    }
}
