using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Compaction;

/// <summary>A segment is damaged at an offset.</summary>
internal sealed class DamagedSegmentException(Segment segment, long offset) : Exception($"{segment.FilePath} is damaged at offset {offset}")
{
    public Segment Segment { get; } = segment;

    public long Offset { get; } = offset;
}
