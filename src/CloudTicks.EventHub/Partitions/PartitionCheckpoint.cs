using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Where a partition ends at a checkpoint, and what has to be flushed before that may be relied on.</summary>
/// <param name="LastSegment">Base offset of the newest segment; -1 when there is none.</param>
/// <param name="LastSegmentBytes">Its size.</param>
/// <param name="NextOffset">The offset behind the last record.</param>
/// <param name="LogStart">The first offset.</param>
/// <param name="Producers">The idempotent producers at that offset.</param>
/// <param name="Unflushed">The segments written since the last checkpoint.</param>
/// <param name="Folder">Where they lie.</param>
internal sealed record PartitionCheckpoint(
    long LastSegment,
    long LastSegmentBytes,
    long NextOffset,
    long LogStart,
    IReadOnlyCollection<KeyValuePair<long, ProducerState>> Producers,
    IReadOnlyList<SortedSegment> Unflushed,
    string Folder)
{
    public required PartitionLog Partition { get; init; }

    /// <summary>The checkpoint is durable.</summary>
    public void Vouch() => Partition.VouchedFor = Math.Max(Partition.VouchedFor, LastSegment);

    public void Flush(Disk disk)
    {
        foreach (var segment in Unflushed)
        {
            segment.Flush();
        }

        if (Unflushed.Count == 0)
        {
            return;
        }

        try
        {
            SortedSegment.FlushNames(disk, Folder);
        }
        catch (IOException) when (!Directory.Exists(Folder))
        {
            // The topic was deleted since.
        }
    }
}
