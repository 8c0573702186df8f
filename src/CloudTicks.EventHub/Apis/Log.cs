using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Apis;

internal static partial class Log
{
    [LoggerMessage(14, LogLevel.Information, "topic {Topic} was created with {Partitions} partitions")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions);

    [LoggerMessage(15, LogLevel.Information, "topic {Topic} was deleted")]
    public static partial void TopicDeleted(this ILogger logger, string topic);

    [LoggerMessage(63, LogLevel.Information, "topic {Topic} now has {Partitions} partitions")]
    public static partial void PartitionsAdded(this ILogger logger, string topic, int partitions);

    [LoggerMessage(64, LogLevel.Debug, "{Partition}: records before offset {Start} were deleted")]
    public static partial void RecordsDeleted(this ILogger logger, PartitionName partition, long start);

    [LoggerMessage(100, LogLevel.Information, "topic {Topic} now has the settings {Settings}; all others have their defaults")]
    public static partial void TopicSettingsChanged(this ILogger logger, string topic, string settings);
}
