using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Topics;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Compaction;

/// <summary>Compacts the topics whose <c>cleanup.policy</c> contains <c>compact</c>: keeps the newest record of each key.</summary>
/// <param name="requestCheckpoint">Called when segments can be compacted only after another checkpoint.</param>
internal sealed class TopicCompaction(
    EventHubOptions options, TopicCatalog topics, Disk disk, TimeProvider time, Action requestCheckpoint, EventHubMetrics metrics,
    ILogger logger)
{
    private readonly TopicRetentionClock _clock = new(time, static _ => { }); // TopicRetention logs clock changes
    private readonly OutageLog _outage = new(time, TimeSpan.FromHours(1));

    /// <summary>
    /// Compacts all partitions that are due. Not reentrant. A run may take a long time, because it pauses to limit its rate.
    /// </summary>
    /// <exception cref="OperationCanceledException">The event hub stops.</exception>
    public void Run(CancellationToken stop)
    {
        var now = _clock.Now().ToUnixTimeMilliseconds();
        var pace = new CompactionPace(options.CompactionBytesPerSecond, () => disk.FreeBytes(options.Data) - options.MinFreeBytes, stop);
        var newestOffsets = new KeyOffsets(options.CompactionMemoryBytes);
        var failed = false;
        foreach (var topic in topics.All.Where(t => t.Settings.Compacts))
        {
            foreach (var partition in topic.Partitions)
            {
                stop.ThrowIfCancellationRequested();
                try
                {
                    lock (partition.RewriteLock)
                    {
                        Compact(partition, topic.Settings, newestOffsets, pace, now);
                    }
                }
                catch (SegmentDeletedException)
                {
                    // Records were deleted during the run; the next run compacts the rest.
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageException)
                {
                    SegmentFiles.DeleteUnfinished(disk, partition.Folder);
                    failed |= !partition.IsDeleted;
                    if (!partition.IsDeleted && _outage.Failed(out _) != OutageNotice.None)
                    {
                        logger.NotCompacted(partition.Name, e.Message);
                    }
                }

                if (partition.IsDeleted)
                {
                    disk.DeleteFolder(topic.Folder); // writing a segment may have created the folder again
                }
            }
        }

        if (!failed)
        {
            _outage.End(out _);
        }
    }

    private void Compact(PartitionLog partition, TopicSettings settings, KeyOffsets newestOffsets, CompactionPace pace, long now)
    {
        var compactedEnd = CompactedEnd.Read(partition.Folder);
        var view = partition.View();
        var plan = CompactionPlan.Of(view, partition.CheckpointedTo, settings, compactedEnd, now);
        var planAfterCheckpoint = CompactionPlan.Of(view, long.MaxValue, settings, compactedEnd, now);
        if (planAfterCheckpoint.IsDue && planAfterCheckpoint.Segments.Count > plan.Segments.Count)
        {
            requestCheckpoint();
        }

        if (!plan.IsDue)
        {
            return;
        }

        using var compaction = new PartitionCompaction(partition, disk, settings, newestOffsets, pace, now);
        var end = plan.Segments[^1].NextOffset;
        for (var from = compactedEnd.NextRunStart; from < end || compactedEnd.TombstonesUntil <= now;)
        {
            var segments = partition.View().Segments.TakeWhile(s => s.NextOffset <= end).ToList();
            if (segments.Count == 0 || compaction.Run(segments, from) is not { } reachedOffset)
            {
                return;
            }

            // Until every key has been collected once, the next run must also read the records that an earlier run skipped.
            var hasSkipped = compaction.HasSkipped || (compactedEnd.HasSkipped && reachedOffset < end);
            new CompactedEnd(reachedOffset, compaction.TombstonesUntil, hasSkipped).Write(disk, partition.Folder);
            compactedEnd = compactedEnd with { TombstonesUntil = long.MaxValue };
            from = reachedOffset;
        }

        metrics.Compacted(compaction.BytesBefore - compaction.BytesAfter);
        logger.Compacted(partition.Name, end, new(compaction.BytesBefore), new(compaction.BytesAfter));
    }
}
