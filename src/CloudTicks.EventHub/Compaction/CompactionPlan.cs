using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Compaction;

/// <summary>What of a partition may be compacted at a moment, and whether it is worth it.</summary>
/// <param name="Segments">The oldest ones, sealed and old enough, without a hole between them.</param>
/// <param name="IsDue">True when enough of them, or an old enough part, was never compacted, or tombstones may go.</param>
internal sealed record CompactionPlan(IReadOnlyList<Segment> Segments, bool IsDue)
{
    /// <param name="vouchedFor">No segment from this offset on: a start would read it together with the log.</param>
    /// <param name="done">How far it was compacted before.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static CompactionPlan Of(in PartitionView view, long vouchedFor, TopicSettings settings, CompactedEnd done, long now)
    {
        var segments = new List<Segment>();
        for (var i = 0; i < view.Segments.Length - 1; i++)
        {
            var segment = view.Segments[i];
            if (!segment.IsSealed || segment.NextOffset > vouchedFor
                || (settings.MinCompactionLagMs > 0 && segment.NewestTime(now) > now - settings.MinCompactionLagMs))
            {
                break;
            }

            segments.Add(segment);
        }

        var dirty = segments.Where(s => s.NextOffset > done.Offset).ToList();
        var isDirty = dirty.Count > 0
            && (dirty.Sum(s => (double)s.Bytes) >= settings.MinCleanableDirtyRatio * segments.Sum(s => (double)s.Bytes)
                || OldestTime(dirty[0], now) <= now - settings.MaxCompactionLagMs);
        return new CompactionPlan(segments, isDirty || (segments.Count > 0 && done.TombstonesUntil <= now));
    }

    private static long OldestTime(Segment segment, long now) =>
        segment.FirstTime() is >= 0 and var first ? first : segment.NewestTime(now);
}
