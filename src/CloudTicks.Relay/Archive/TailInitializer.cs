using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Sets the tail's positions: to the ends of the partitions when no client waits for events, otherwise to the previous positions. Events
/// that can no longer be sent are reported, never skipped silently.
/// </summary>
internal sealed class TailInitializer(
    EventStreamConnection connection, StreamPositions stream, LiveChannels channels, TailPositions positions, TailReadiness readiness,
    EventDelivery events, TimeProvider time, ILogger<TailInitializer> logger)
{
    /// <summary>How far before the end the archive is read at the start, to recognise repeats.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(10);

    private string? _identity;
    private DateTimeOffset _openedAt;

    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        // The calls of the Kafka client block, and a stop must not wait for them.
        var watermarks = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
        var identity = await IdentifyAsync(cancellationToken);
        if (!readiness.Reached.IsCompleted)
        {
            await OpenAtEndsAsync(watermarks, isSame: _identity == identity, cancellationToken);
        }
        else if (_identity != identity)
        {
            await OpenReplacementAsync(identity, watermarks, cancellationToken);
        }
        else
        {
            Check(watermarks);
        }

        _identity = identity;
    }

    /// <summary>Whether the archive was deleted and created again since it was opened.</summary>
    public async Task<bool> IsReplacedAsync(CancellationToken cancellationToken) => await IdentifyAsync(cancellationToken) != _identity;

    private Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        StreamIdentity.ResolveAsync(connection, TopicNames.TickArchive, logger, IdentityTimeout, cancellationToken);

    private async Task OpenAtEndsAsync(
        IReadOnlyList<PartitionWatermarks> watermarks, bool isSame, CancellationToken cancellationToken)
    {
        _openedAt = time.GetUtcNow();
        var since = (_openedAt - WarmUp).ToUnixTimeMilliseconds();
        var earlier = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, since, cancellationToken).WaitAsync(cancellationToken);
        lock (channels.Turn)
        {
            positions.Open(watermarks, earlier, isSame);
            events.Restart();
        }

        logger.TailOpened(watermarks.Count);
    }

    /// <summary>
    /// Opens an archive that replaced the previous one: records written after the last record of the old archive are new.
    /// </summary>
    private async Task OpenReplacementAsync(
        string identity, IReadOnlyList<PartitionWatermarks> watermarks, CancellationToken cancellationToken)
    {
        var fromMs = events.NewestRecordMs ?? _openedAt.ToUnixTimeMilliseconds();
        var since = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, fromMs, cancellationToken).WaitAsync(cancellationToken);
        logger.ArchiveReplaced(_identity!, identity, DateTimeOffset.FromUnixTimeMilliseconds(fromMs));
        lock (channels.Turn)
        {
            positions.Grow(watermarks.Count);
            foreach (var partition in watermarks)
            {
                positions.SetEnd(partition.Partition, partition.High);
                positions.Restart(partition.Partition, Math.Clamp(
                    since.GetValueOrDefault(partition.Partition, long.MaxValue), partition.Low, partition.High));
            }

            channels.Warn(_ => true, "The archive was replaced by another one; events may be missing. Subscribe again with since.");
        }
    }

    /// <summary>Reports positions that are no longer in the archive.</summary>
    private void Check(IReadOnlyList<PartitionWatermarks> watermarks)
    {
        var gone = new HashSet<int>();
        lock (channels.Turn)
        {
            if (watermarks.Count > positions.Partitions)
            {
                positions.Grow(watermarks.Count);
            }

            foreach (var (partition, low, high) in watermarks)
            {
                positions.SetEnd(partition, high);
                var position = positions.Next(partition);
                if (position < low || position > high)
                {
                    var next = Math.Clamp(position, low, high);
                    logger.PositionDeleted(partition, position, low, high, next);
                    positions.Restart(partition, next);
                    gone.Add(partition);
                }
            }

            if (gone.Count > 0)
            {
                channels.Warn(
                    symbol => gone.Contains(symbol.PartitionOf(positions.Partitions)),
                    "The archive no longer holds events that were not sent yet; events are missing. Subscribe again with since.");
            }
        }
    }
}
