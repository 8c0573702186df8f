using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Topics;

/// <summary>Deletes the oldest segments of partitions that exceed their retention time or size.</summary>
internal sealed class TopicRetention(
    TopicCatalog topics, LogStarts starts, TopicRetentionClock clock, EventHubMetrics metrics, ILogger logger)
{
    /// <summary>Checks every topic once. Not reentrant.</summary>
    /// <exception cref="Wal.LogUnavailableException">The event hub is stopping, or its disk failed.</exception>
    public async Task EnforceAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now().ToUnixTimeMilliseconds();
        foreach (var topic in topics.All.Where(t => t.Settings.Expires))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var moves = new List<LogStartMove>();
            foreach (var partition in topic.Partitions)
            {
                var view = partition.View();
                var start = FindLogStart(view, topic.Settings, now);
                if (start > view.LogStart)
                {
                    moves.Add(new LogStartMove(topic, partition, start));
                }
            }

            await starts.MoveAsync(moves);
            foreach (var move in moves.Where(m => m.Removed.Count > 0))
            {
                var bytes = move.Removed.Sum(s => s.Bytes);
                metrics.Expired(bytes);
                logger.RecordsExpired(move.Partition.Name, move.Removed.Count, new(bytes), move.Partition.LogStart);
            }
        }
    }

    public static long FindLogStart(in PartitionView view, TopicSettings settings, long now)
    {
        var start = view.LogStart;
        var bytes = view.Bytes;
        for (var i = 0; i < view.Segments.Length; i++)
        {
            var isNewest = i == view.Segments.Length - 1;
            var size = view.LimitOf(i);
            var isTooLarge = settings.RetentionBytes >= 0 && !isNewest && bytes - size >= settings.RetentionBytes;
            var isTooOld = settings.RetentionMs >= 0 && size > 0 && now - view.Segments[i].NewestTime(now) > settings.RetentionMs;
            if (!isTooLarge && !isTooOld)
            {
                break;
            }

            bytes -= size;
            start = isNewest ? view.HighWatermark : view.Segments[i + 1].BaseOffset;
        }

        return start;
    }
}
