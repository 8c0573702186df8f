using CloudTicks.EventHub.Partitions;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Compaction;

internal static partial class Log
{
    [LoggerMessage(70, LogLevel.Information, "{Partition} is compacted to offset {End}: {Before} became {After}")]
    public static partial void Compacted(this ILogger logger, PartitionName partition, long end, ByteSize before, ByteSize after);

    [LoggerMessage(71, LogLevel.Warning, "{Partition} could not be compacted: {Reason}. No record is lost; compaction is retried")]
    public static partial void NotCompacted(this ILogger logger, PartitionName partition, string reason);

    [LoggerMessage(72, LogLevel.Error, "compaction failed and is retried in {Interval}")]
    public static partial void CompactionFailed(this ILogger logger, TimeSpan interval, Exception exception);
}
