using CloudTicks.EventHub.Partitions;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Topics;

internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "{Partition}: {Segments} segments ({Size}) expired; the log now begins at offset {Start}")]
    public static partial void RecordsExpired(this ILogger logger, PartitionName partition, int segments, ByteSize size, long start);

    [LoggerMessage(
        61, LogLevel.Warning,
        "the segment {BaseOffset} of {Partition} cannot be deleted: {Reason}. It is no longer read, and the next start deletes it")]
    public static partial void SegmentNotDeleted(this ILogger logger, PartitionName partition, long baseOffset, string reason);
}
