namespace CloudTicks.EventHub.Partitions;

/// <summary>The segment was deleted after a reader found it in its view: the log begins behind it by now.</summary>
internal sealed class SegmentDeletedException() : IOException("the segment was deleted");
