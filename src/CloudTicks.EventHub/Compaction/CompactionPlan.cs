using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Compaction;

/// <summary>The segments of a partition that can be compacted now, and whether compaction is due.</summary>
/// <param name="Segments">The oldest sealed segments, before the first segment whose records are too new to be compacted.</param>
/// <param name="IsDue">True when the part that was never compacted is large or old enough, or tombstones can be removed.</param>
internal sealed record CompactionPlan(IReadOnlyList<Segment> Segments, bool IsDue)
{
    /// <param name="checkpointedTo">
    /// Segments that end after this offset are excluded, because the next startup reads them together with the log.
    /// </param>
    /// <param name="compactedEnd">The result of the last compaction.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static CompactionPlan Of(in PartitionView view, long checkpointedTo, TopicSettings settings, CompactedEnd compactedEnd, long now)
    {
        var segments = new List<Segment>();
        for (var i = 0; i < view.Segments.Length - 1; i++)
        {
            var segment = view.Segments[i];
            if (!segment.IsSealed || segment.NextOffset > checkpointedTo
                || (settings.MinCompactionLagMs > 0 && segment.NewestTime(now) > now - settings.MinCompactionLagMs))
            {
                break;
            }

            segments.Add(segment);
        }

        var dirtySegments = segments.Where(s => s.NextOffset > compactedEnd.Offset).ToList();
        var isDirty = dirtySegments.Count > 0
            && (dirtySegments.Sum(s => (double)s.Bytes) >= settings.MinCleanableDirtyRatio * segments.Sum(s => (double)s.Bytes)
                || OldestTime(dirtySegments[0], now) <= now - settings.MaxCompactionLagMs);
        return new CompactionPlan(segments, isDirty || (segments.Count > 0 && compactedEnd.TombstonesUntil <= now));
    }

    private static long OldestTime(Segment segment, long now) =>
        segment.FirstTime() is >= 0 and var first ? first : segment.NewestTime(now);
}
