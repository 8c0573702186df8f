using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

internal sealed record FetchRequest(
    TimeSpan Wait, int MinBytes, int MaxBytes, int SessionId, List<(string Name, List<FetchPartition> Partitions)> Topics)
{
    public IEnumerable<FetchPartition> Partitions => Topics.SelectMany(t => t.Partitions);

    /// <summary>Bytes there are to read now, at most what each partition was asked for.</summary>
    public int Available => (int)Math.Min(Partitions.Sum(p => p.Available), int.MaxValue);

    /// <summary>Bytes that are still to come before it may be answered; none when a partition has an error.</summary>
    public long Missing() => Partitions.Any(p => p.HasError) ? 0 : Math.Min(MinBytes, MaxBytes) - Partitions.Sum(p => p.Available);
}

/// <summary>What a fetch asks for of one partition.</summary>
internal sealed record FetchPartition(int Index, long Offset, int MaxBytes, PartitionLog? Log)
{
    public bool HasError => Log is null || Log.Gone || Offset < Log.LogStart || Offset > Log.HighWatermark;

    public long Available => Log is null ? 0 : Math.Min(Log.Reader.AvailableBytes(Offset), Math.Max(MaxBytes, 1));

    public ErrorCode Error(TopicCatalog topics, string topic) =>
        Log is null || topics.FindPartition(topic, Index) != Log ? ErrorCode.UnknownTopicOrPartition
        : HasError ? ErrorCode.OffsetOutOfRange
        : ErrorCode.None;
}
