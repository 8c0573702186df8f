using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Follows all partitions of the archive from its end, without a consumer group, and delivers the events: each encoded once, each tick
/// once, per symbol in the archive's order. Its positions are in memory only; after an outage it resumes at them. While no client is
/// subscribed it reads nothing and holds no connection; the next subscription begins at the archive's end.
/// </summary>
internal sealed class ArchiveTail(
    RecordConsumer records, StreamPositions stream, LiveChannels channels, TailInitializer initializer, TailWatch watch,
    TailPositions positions, TailReadiness readiness, TailOutage outage, EventDelivery events, ArchiveMetrics metrics, TimeProvider time,
    ILogger<ArchiveTail> logger)
    : BackgroundService
{
    /// <summary>The maximum of <see cref="Lead"/>. A clock that is further ahead does not show when ticks were archived.</summary>
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(10);

    /// <summary>If opening takes longer, it is reported as a problem of the event hub, before the waiting client gives up.</summary>
    private static readonly TimeSpan OpeningTime = TimeSpan.FromSeconds(3);

    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), MinShare: 0.5);

    private long _resumedAt;
    private int _failures;
    private bool _isPaused;
    private bool _hasPaused;

    /// <summary>The maximum by which a tick's time was ahead of the time at which it was archived; zero when none was.</summary>
    public TimeSpan Lead => TimeSpan.FromMilliseconds(Math.Min(events.LeadMs, MaxLead.TotalMilliseconds));

    private bool IsOpeningSlow =>
        !_isPaused && positions.IsOpen && !readiness.Reached.IsCompleted && time.GetElapsedTime(_resumedAt) > OpeningTime;

    /// <summary>
    /// For each partition, the offset at which the events of current subscribers begin. The caller holds <see cref="LiveChannels.Turn"/>.
    /// </summary>
    public long[] LiveFrom() => [.. Enumerable.Range(0, positions.Partitions).Select(positions.LiveFrom)];

    public ArchiveTailStatus GetStatus()
    {
        lock (channels.Turn)
        {
            return new ArchiveTailStatus(
                _isPaused,
                outage.Problem ?? (IsOpeningSlow ? "The event hub does not answer." : null),
                outage.Seconds ?? (IsOpeningSlow ? time.GetElapsedTime(_resumedAt).TotalSeconds : null),
                _isPaused ? 0 : positions.Lag,
                [
                    .. Enumerable.Range(0, positions.Partitions).Select(partition => new TailPartition(
                        partition, positions.LiveFrom(partition), _isPaused ? 0 : positions.LagOf(partition))),
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
                await RunAsync(stoppingToken);
                // At the start the archive is opened without subscribers, so that a fault shows before the first client connects.
                if (positions.IsOpen)
                {
                    await PauseAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay is stopping.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A client that connects during the first opening needs a later end: open again. From then on every opening is for a client,
            // even if the client has disconnected meanwhile: the grace time runs while the archive is read.
            var isForClient = channels.HasSubscribers || _hasPaused;
            await initializer.OpenAsync(stoppingToken);
            outage.Answered();
            if (isForClient)
            {
                readiness.Set();
                await FollowAsync(stoppingToken);
            }

            return;
        }
        catch (OffsetOutOfRangeException)
        {
            // The next opening reads the partition and its new position.
        }
        catch (EventStreamException problem)
        {
            outage.Failed(problem);
        }

        await Task.Delay(Retries.After(++_failures), time, stoppingToken);
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var reader = records.Open(TopicNames.TickArchive);
        OffsetRange[] ranges;
        lock (channels.Turn)
        {
            ranges = positions.Ranges();
        }

        reader.Assign(ranges);
        var watching = watch.RunAsync(ended);
        try
        {
            var batch = new List<StreamRecord>();
            while (true)
            {
                await reader.ReadAsync(batch, ended.Token);
                Deliver(batch);
                _failures = 0;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The archive changed, or the last subscriber left.
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    private void Deliver(List<StreamRecord> batch)
    {
        lock (channels.Turn)
        {
            channels.BeginBatch();
            try
            {
                foreach (var record in batch)
                {
                    var partition = record.Origin.Partition;
                    events.Deliver(record, isLive: record.Origin.Offset >= positions.LiveFrom(partition));
                    positions.MoveTo(partition, record.Origin.Offset + 1);
                }
            }
            finally
            {
                channels.EndBatch();
            }
        }
    }

    /// <summary>Waits for a subscriber. A subscription is either made before the positions are dropped, or gets newer ones.</summary>
    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        lock (channels.Turn)
        {
            if (channels.HasSubscribers)
            {
                return;
            }

            readiness.Reset();
            (_isPaused, _hasPaused) = (true, true);
        }

        outage.Forget();
        stream.CloseClients();
        _failures = 0;
        logger.TailPaused();
        while (!channels.HasSubscribers)
        {
            await channels.DemandChanged.WaitAsync(stoppingToken);
        }

        lock (channels.Turn)
        {
            (_isPaused, _resumedAt) = (false, time.GetTimestamp());
        }
    }
}
