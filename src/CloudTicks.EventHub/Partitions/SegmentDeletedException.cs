namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// The segment was deleted after a reader took its view: the start of the log moved, the segment was replaced, or the topic was deleted.
/// </summary>
internal sealed class SegmentDeletedException() : IOException("the segment was deleted");
