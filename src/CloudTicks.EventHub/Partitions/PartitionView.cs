namespace CloudTicks.EventHub.Partitions;

/// <summary>The readable part of a partition at one moment.</summary>
/// <param name="Segments">Oldest first; the array never changes.</param>
/// <param name="NewestBytes">The readable bytes of the newest segment.</param>
/// <param name="HighWatermark">The offset after the last readable record.</param>
/// <param name="LogStart">The first offset; it may be inside the oldest segment.</param>
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
