namespace CloudTicks.EventHub.Partitions;

/// <summary>What a reader may read at one moment.</summary>
/// <param name="Segments">Oldest first; the array is never changed.</param>
/// <param name="NewestBytes">The end of the readable part of the newest segment.</param>
/// <param name="HighWatermark">The offset behind it.</param>
/// <param name="LogStart">The first offset; it may lie within the oldest segment.</param>
internal readonly record struct PartitionView(Segment[] Segments, long NewestBytes, long HighWatermark, long LogStart)
{
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < Segments.Length; i++)
            {
                bytes += LimitOf(i);
            }

            return bytes;
        }
    }

    public long LimitOf(int segment) => segment == Segments.Length - 1 ? NewestBytes : Segments[segment].Bytes;

    /// <summary>The index of the last segment that begins at or below an offset.</summary>
    public int FloorSegment(long offset)
    {
        int low = 0, high = Segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Segments[middle].BaseOffset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
