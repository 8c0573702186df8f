using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Follows all partitions of the archive from its end, without a consumer group. Each tick is encoded once for all subscribers and
/// delivered once, in the archive's order per symbol. The positions are only in memory; after an outage the tail resumes at these
/// positions. After some time without subscribers the tail stops reading and closes its connection; the next subscription then begins at
/// the archive's end.
/// </summary>
internal sealed class ArchiveTail(
    RecordConsumer records, StreamPositions stream, LiveChannels channels, TailInitializer initializer, TailWatch watch,
    TailPositions positions, TailReadiness readiness, TailOutage outage, EventDelivery events, ArchiveMetrics metrics, TimeProvider time,
    ILogger<ArchiveTail> logger)
    : BackgroundService
{
    /// <summary>The maximum of <see cref="Lead"/>. A clock that is further ahead is assumed to be wrong.</summary>
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The time after which a slow opening is reported as a problem of the event hub. It is shorter than the timeout of clients that wait
    /// for the opening.
    /// </summary>
    private static readonly TimeSpan SlowOpeningThreshold = TimeSpan.FromSeconds(3);

    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), MinFactor: 0.5);

    private long _resumedAt;
    private int _failures;
    private bool _isPaused;
    private bool _hasPaused;

    /// <summary>
    /// The maximum by which the time of a tick was ahead of the time at which the tick was archived; zero when no tick was ahead.
    /// </summary>
    public TimeSpan Lead => TimeSpan.FromMilliseconds(Math.Min(events.LeadMs, MaxLead.TotalMilliseconds));

    private bool IsOpeningSlow =>
        !_isPaused && positions.IsOpen && !readiness.Reached.IsCompleted && time.GetElapsedTime(_resumedAt) > SlowOpeningThreshold;

    /// <summary>
    /// Returns, for each partition, the first offset whose events a client receives if it subscribes now. The caller holds
    /// <see cref="LiveChannels.DeliveryLock"/>.
    /// </summary>
    public long[] LiveFrom() => [.. Enumerable.Range(0, positions.Partitions).Select(positions.LiveFrom)];

    public ArchiveTailStatus GetStatus()
    {
        lock (channels.DeliveryLock)
        {
            return new ArchiveTailStatus(
                _isPaused,
                outage.Problem ?? (IsOpeningSlow ? "the event hub does not answer" : null),
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
                // The first call opens the archive even without subscribers, so that a fault is reported before the first client connects.
                await RunAsync(stoppingToken);
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
            // If no client is subscribed, the first opening only checks the archive. A client that subscribes meanwhile needs newer
            // positions, so the archive is opened again. Each opening after a pause is for a client: even if the client has already
            // disconnected, the archive is read until the grace time ends.
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
            // The next opening determines the partition's new position.
        }
        catch (EventStreamException problem)
        {
            outage.Failed(problem);
        }

        await Task.Delay(Retries.After(++_failures), time, stoppingToken);
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        using var endCancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using var reader = records.Open(TopicNames.TickArchive);
        OffsetRange[] ranges;
        lock (channels.DeliveryLock)
        {
            ranges = positions.Ranges();
        }

        reader.Assign(ranges);
        var watchTask = watch.RunAsync(endCancellation);
        try
        {
            var batch = new List<StreamRecord>();
            while (true)
            {
                await reader.ReadAsync(batch, endCancellation.Token);
                Deliver(batch);
                _failures = 0;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The archive has changed, or no client was subscribed for the grace time.
        }
        finally
        {
            await endCancellation.CancelAsync();
            await watchTask;
        }
    }

    private void Deliver(List<StreamRecord> batch)
    {
        lock (channels.DeliveryLock)
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

    /// <summary>
    /// Pauses until a client subscribes, or returns immediately if one is subscribed. After a pause the tail begins at new positions.
    /// </summary>
    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        lock (channels.DeliveryLock)
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

        lock (channels.DeliveryLock)
        {
            (_isPaused, _resumedAt) = (false, time.GetTimestamp());
        }
    }
}
