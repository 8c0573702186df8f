using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>A partition of one fetch. The log is null for a partition that did not exist when the request arrived.</summary>
internal sealed record FetchPartition(FetchPosition Position, PartitionLog? Log)
{
    public bool HasError => Log is null || Log.IsDeleted || Position.Offset < Log.LogStart || Position.Offset > Log.HighWatermark;

    /// <summary>Maximum bytes of the partition in a response. A larger first batch is sent nevertheless.</summary>
    public int MaxBytes => Math.Max(Position.MaxBytes, 1);

    /// <summary>Bytes that can be read now, at most <see cref="MaxBytes"/>.</summary>
    public long Available => Log is null ? 0 : Math.Min(Log.Reader.AvailableBytes(Position.Offset), MaxBytes);

    public ErrorCode Error(TopicCatalog topics) =>
        Log is null || topics.FindPartition(Position.Topic, Position.Partition) != Log ? ErrorCode.UnknownTopicOrPartition
        : HasError ? ErrorCode.OffsetOutOfRange
        : ErrorCode.None;
}
