using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Reads all partitions of the archive from its end on, without a consumer group, and hands the events on: each encoded once, each tick
/// once, of each symbol in the archive's order. Its positions are in memory alone: after an outage it goes on exactly there.
/// </summary>
internal sealed class ArchiveTail(
    EventStreamConnection connection, RecordConsumer records, StreamPositions stream, LiveChannels channels, ArchiveFaults faults,
    ArchiveMetrics metrics, TimeProvider time, ILogger<ArchiveTail> logger)
    : BackgroundService
{
    /// <summary>How much earlier than its end the archive is read at the start.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>A feed whose clock is further ahead is no measure of the time at which its ticks were archived.</summary>
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(10);
    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), MinShare: 0.5);

    private readonly TailPositions _positions = new();
    private readonly EventHandOver _events = new(channels, faults, metrics);
    private readonly OutageLog _outage = new(time);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;
    private string? _identity;
    private string? _problem;

    /// <summary>How far the feed's clock was ahead of the time at which its ticks were archived, at most; zero when it was not.</summary>
    public TimeSpan Lead => TimeSpan.FromMilliseconds(Math.Min(_events.LeadMs, MaxLead.TotalMilliseconds));

    /// <summary>Completes when the tail has its first positions.</summary>
    public Task Opened => _opened.Task;

    /// <summary>For each partition the offset from which subscribers of this moment receive events. The caller has the turn.</summary>
    public long[] LiveFrom() => [.. Enumerable.Range(0, _positions.Partitions).Select(_positions.LiveFrom)];

    public ArchiveTailStatus GetStatus()
    {
        lock (channels.Turn)
        {
            return new ArchiveTailStatus(
                _outage.IsOngoing ? Volatile.Read(ref _problem) : null,
                _outage.Duration?.TotalSeconds,
                _positions.Lag,
                [
                    .. Enumerable.Range(0, _positions.Partitions).Select(partition => new TailPartition(
                        partition, _positions.LiveFrom(partition), _positions.LagOf(partition))),
                ]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Lag = () => GetStatus().Lag;
        try
        {
            while (true)
            {
                try
                {
                    await OpenAsync(stoppingToken);
                    await FollowAsync(stoppingToken);
                    continue;
                }
                catch (OffsetOutOfRangeException)
                {
                    // Which partition it is, and where it goes on, is found when it is opened again.
                }
                catch (EventStreamException problem)
                {
                    Failed(problem);
                }

                await Task.Delay(Retries.After(++_failures), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay stops.
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var watermarks = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
        var identity = await StreamIdentity.ResolveAsync(
            connection, TopicNames.TickArchive, logger, IdentityTimeout, cancellationToken);
        if (_identity is null)
        {
            var since = (time.GetUtcNow() - WarmUp).ToUnixTimeMilliseconds();
            var earlier = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, since, cancellationToken);
            lock (channels.Turn)
            {
                _positions.Open(watermarks, earlier);
            }

            logger.TailOpened(watermarks.Count);
        }
        else if (_identity != identity)
        {
            await TakeUpReplacementAsync(_identity, identity, watermarks, cancellationToken);
        }
        else
        {
            Check(watermarks);
        }

        _identity = identity;
        Answered();
        _opened.TrySetResult();
    }

    /// <summary>Another archive: what was written since the last record of the one before is new.</summary>
    private async Task TakeUpReplacementAsync(
        string before, string now, IReadOnlyList<PartitionWatermarks> watermarks, CancellationToken cancellationToken)
    {
        var fromMs = _events.NewestRecordMs ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        var since = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, fromMs, cancellationToken);
        logger.ArchiveReplaced(before, now, DateTimeOffset.FromUnixTimeMilliseconds(fromMs));
        lock (channels.Turn)
        {
            _positions.Grow(watermarks.Count);
            foreach (var partition in watermarks)
            {
                _positions.SetEnd(partition.Partition, partition.High);
                _positions.Restart(partition.Partition, Math.Clamp(
                    since.GetValueOrDefault(partition.Partition, long.MaxValue), partition.Low, partition.High));
            }

            channels.Warn(_ => true, "The archive was replaced by another one; events may be missing. Subscribe again with since.");
        }
    }

    /// <summary>Finds positions that the archive no longer holds: they are reported, never skipped in silence.</summary>
    private void Check(IReadOnlyList<PartitionWatermarks> watermarks)
    {
        var gone = new HashSet<int>();
        lock (channels.Turn)
        {
            if (watermarks.Count > _positions.Partitions)
            {
                _positions.Grow(watermarks.Count);
            }

            foreach (var (partition, low, high) in watermarks)
            {
                _positions.SetEnd(partition, high);
                var position = _positions.Next(partition);
                if (position < low || position > high)
                {
                    var next = Math.Clamp(position, low, high);
                    logger.PositionGone(partition, position, low, high, next);
                    _positions.Restart(partition, next);
                    gone.Add(partition);
                }
            }

            if (gone.Count > 0)
            {
                channels.Warn(
                    symbol => gone.Contains(symbol.PartitionOf(_positions.Partitions)),
                    "The archive no longer holds events that were not sent yet; events are missing. Subscribe again with since.");
            }
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var reader = records.Open(TopicNames.TickArchive);
        OffsetRange[] ranges;
        lock (channels.Turn)
        {
            ranges = _positions.Ranges();
        }

        reader.Assign(ranges);
        var watching = WatchAsync(ended);
        try
        {
            var batch = new List<StreamRecord>();
            while (true)
            {
                await reader.ReadAsync(batch, ended.Token);
                HandOn(batch);
                _failures = 0;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The archive changed; it is opened again.
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    /// <summary>
    /// The client waits for a hub that is away and reports nothing, so the hub is queried every few seconds for the archive's ends.
    /// </summary>
    private async Task WatchAsync(CancellationTokenSource reading)
    {
        try
        {
            using var timer = new PeriodicTimer(CheckInterval, time);
            while (await timer.WaitForNextTickAsync(reading.Token))
            {
                try
                {
                    if (await HasChangedAsync(reading.Token))
                    {
                        await reading.CancelAsync();
                        return;
                    }
                }
                catch (EventStreamException problem)
                {
                    Failed(problem);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reading has ended.
        }
    }

    private async Task<bool> HasChangedAsync(CancellationToken cancellationToken)
    {
        long[] before;
        lock (channels.Turn)
        {
            before = [.. Enumerable.Range(0, _positions.Partitions).Select(_positions.Next)];
        }

        // The client's calls block, and a stop does not wait for them.
        var watermarks = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
        if (_outage.IsOngoing)
        {
            var identity = await StreamIdentity.ResolveAsync(
                connection, TopicNames.TickArchive, logger, IdentityTimeout, cancellationToken);
            if (identity != _identity)
            {
                return true;
            }
        }

        Answered();
        lock (channels.Turn)
        {
            if (watermarks.Count > before.Length || watermarks.Any(partition => partition.High < before[partition.Partition]))
            {
                return true;
            }

            foreach (var partition in watermarks)
            {
                _positions.SetEnd(partition.Partition, partition.High);
            }
        }

        return false;
    }

    private void HandOn(List<StreamRecord> batch)
    {
        lock (channels.Turn)
        {
            channels.BeginBatch();
            try
            {
                foreach (var record in batch)
                {
                    var partition = record.Origin.Partition;
                    _events.HandOn(record, isLive: record.Origin.Offset >= _positions.LiveFrom(partition));
                    _positions.MoveTo(partition, record.Origin.Offset + 1);
                }
            }
            finally
            {
                channels.EndBatch();
            }
        }
    }

    private void Failed(EventStreamException problem)
    {
        Volatile.Write(ref _problem, problem.Message);
        switch (_outage.Failed(out var duration))
        {
            case OutageNotice.First:
                logger.ArchiveAway(problem.Message);
                break;
            case OutageNotice.Reminder:
                logger.ArchiveStillAway(duration.TotalSeconds, problem.Message);
                break;
        }
    }

    private void Answered()
    {
        if (_outage.End(out var duration))
        {
            logger.ArchiveBack(duration.TotalSeconds);
        }
    }
}
