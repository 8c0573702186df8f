namespace CloudTicks.EventHub.Partitions;

/// <summary>Where the batch at an offset begins: the index of its segment in a view, and the position in the segment.</summary>
internal readonly record struct BatchPosition(long Offset, int Segment, long Position)
{
    public static BatchPosition None { get; } = new(-1, 0, -1);
}
