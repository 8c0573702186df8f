using Confluent.Kafka;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal static class ConsumerSettings
{
    public static ConsumerConfig Of(TriggerRuntime runtime)
    {
        var config = runtime.Trigger.Connection.ConsumerConfig(runtime.Trigger.ConsumerGroup);
        if (runtime.Options.InstanceId.Length > 0)
        {
            config.GroupInstanceId = $"{runtime.Options.InstanceId}-{runtime.Name}";
        }

        if (runtime.Options.SessionTimeout is { } session)
        {
            config.SessionTimeoutMs = (int)session.TotalMilliseconds;
        }

        // Only offsets that were stored after success are committed, in the background, twice a second.
        config.EnableAutoCommit = true;
        config.EnableAutoOffsetStore = false;
        config.AutoCommitIntervalMs = 500;
        // Without a checkpoint, Assignment starts at the oldest event; a checkpoint outside the log is an error.
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;
        config.FetchMaxBytes = 16 << 20;
        config.MaxPartitionFetchBytes = 2 << 20;
        config.FetchErrorBackoffMs = 100;
        config.QueuedMaxMessagesKbytes = runtime.Options.MaxBufferedBytes >> 10;
        // The interval at which the client looks for new topics and partitions.
        config.TopicMetadataRefreshIntervalMs = 5_000;
        return config;
    }
}
