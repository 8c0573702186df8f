using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Apis;

internal static partial class Log
{
    [LoggerMessage(14, LogLevel.Information, "made topic {Topic} with {Partitions} partitions")]
    public static partial void TopicMade(this ILogger logger, string topic, int partitions);

    [LoggerMessage(15, LogLevel.Information, "deleted topic {Topic}")]
    public static partial void TopicDeleted(this ILogger logger, string topic);

    [LoggerMessage(63, LogLevel.Information, "topic {Topic} has {Partitions} partitions now")]
    public static partial void PartitionsAdded(this ILogger logger, string topic, int partitions);

    [LoggerMessage(64, LogLevel.Debug, "deleted the records of {Partition} before offset {Start}")]
    public static partial void RecordsDeleted(this ILogger logger, PartitionName partition, long start);

    [LoggerMessage(100, LogLevel.Information, "the settings of topic {Topic} are now {Settings}; all others are the defaults")]
    public static partial void TopicSettingsChanged(this ILogger logger, string topic, string settings);
}
