namespace CloudTicks.EventHub.Partitions;

/// <summary>Where the batch at an offset begins: the segment of a view, and the position in it.</summary>
internal readonly record struct BatchPosition(long Offset, int Segment, long Position)
{
    public static BatchPosition None { get; } = new(-1, 0, -1);
}
