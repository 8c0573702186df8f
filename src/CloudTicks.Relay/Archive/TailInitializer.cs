using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Sets the tail's positions. At startup and after a pause, they are shortly before the ends of the partitions; after an outage, they are
/// the previous positions. Events that can no longer be sent are reported.
/// </summary>
internal sealed class TailInitializer(
    EventStreamConnection connection, StreamPositions stream, LiveChannels channels, TailPositions positions, TailReadiness readiness,
    EventDelivery events, TimeProvider time, ILogger<TailInitializer> logger)
{
    /// <summary>How far before the ends the tail begins to read, so that it recognizes repeats of recent ticks.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(10);

    private string? _identity;
    private DateTimeOffset _openedAt;

    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        // Calls of the Kafka client may block for a while, and stopping must not wait for them.
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
            ReportLostPositions(watermarks);
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
        lock (channels.DeliveryLock)
        {
            positions.Open(watermarks, earlier, isSame);
            events.Restart();
        }

        logger.TailOpened(watermarks.Count);
    }

    /// <summary>
    /// Opens an archive that replaced the previous one, at the first record that is not older than the last record of the previous archive.
    /// </summary>
    private async Task OpenReplacementAsync(
        string identity, IReadOnlyList<PartitionWatermarks> watermarks, CancellationToken cancellationToken)
    {
        var fromMs = events.NewestRecordMs ?? _openedAt.ToUnixTimeMilliseconds();
        var since = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, fromMs, cancellationToken).WaitAsync(cancellationToken);
        logger.ArchiveReplaced(_identity!, identity, DateTimeOffset.FromUnixTimeMilliseconds(fromMs));
        lock (channels.DeliveryLock)
        {
            positions.Grow(watermarks.Count);
            foreach (var partition in watermarks)
            {
                positions.SetEnd(partition.Partition, partition.High);
                positions.Restart(partition.Partition, Math.Clamp(
                    since.GetValueOrDefault(partition.Partition, long.MaxValue), partition.Low, partition.High));
            }

            channels.Warn(_ => true, "The archive was replaced by another one; events may be missing. Subscribe again with 'since'.");
        }
    }

    /// <summary>Moves positions that are no longer in the archive, and warns the affected clients.</summary>
    private void ReportLostPositions(IReadOnlyList<PartitionWatermarks> watermarks)
    {
        var lost = new HashSet<int>();
        lock (channels.DeliveryLock)
        {
            if (watermarks.Count > positions.Partitions)
            {
                positions.Grow(watermarks.Count);
            }

            foreach (var (partition, low, high) in watermarks)
            {
                positions.SetEnd(partition, high);
                var position = positions.Next(partition);
                if (positions.MoveInto(partition, low, high))
                {
                    logger.PositionDeleted(partition, position, low, high, positions.Next(partition));
                    lost.Add(partition);
                }
            }

            if (lost.Count > 0)
            {
                channels.Warn(
                    symbol => lost.Contains(symbol.PartitionOf(positions.Partitions)),
                    "Events may be missing, because the archive lost or deleted records. Subscribe again with 'since'.");
            }
        }
    }
}
