namespace CloudTicks.EventHub.Partitions;

/// <summary>Where the batch that begins at an offset lies: in which segment of a view, and where in it.</summary>
internal readonly record struct BatchPosition(long Offset, int Segment, long Position)
{
    public static BatchPosition None { get; } = new(-1, 0, -1);
}
