using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Reads all partitions of the archive from its end on, without a consumer group, and hands the events on: each encoded once, each tick
/// once, of each symbol in the archive's order. Its positions are in memory alone: after an outage it goes on exactly there. While nobody
/// is subscribed it reads nothing and has no connection; the next subscription begins at the archive's end.
/// </summary>
internal sealed class ArchiveTail(
    RecordConsumer records, StreamPositions stream, LiveChannels channels, TailOpening opening, TailWatch watch, TailPositions positions,
    TailStanding standing, TailOutage outage, EventHandOver events, ArchiveMetrics metrics, TimeProvider time, ILogger<ArchiveTail> logger)
    : BackgroundService
{
    /// <summary>A feed whose clock is further ahead is no measure of the time at which its ticks were archived.</summary>
    private static readonly TimeSpan MaxLead = TimeSpan.FromMinutes(10);

    /// <summary>Opening that takes longer is a problem of the event hub, though its client has not given up yet.</summary>
    private static readonly TimeSpan OpeningTime = TimeSpan.FromSeconds(3);

    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), MinShare: 0.5);

    private long _resumedAt;
    private int _failures;
    private bool _isPaused;
    private bool _hasPaused;

    /// <summary>How far the feed's clock was ahead of the time at which its ticks were archived, at most; zero when it was not.</summary>
    public TimeSpan Lead => TimeSpan.FromMilliseconds(Math.Min(events.LeadMs, MaxLead.TotalMilliseconds));

    private bool IsOpeningSlow =>
        !_isPaused && positions.IsOpen && !standing.Reached.IsCompleted && time.GetElapsedTime(_resumedAt) > OpeningTime;

    /// <summary>For each partition the offset from which subscribers of this moment receive events. The caller has the turn.</summary>
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
                // At the start the archive is opened even so, because what is wrong with it must show before the first client comes.
                if (positions.IsOpen)
                {
                    await PauseAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay stops.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A client that comes while the archive is opened for the first time gets the end of that moment, by another opening. Later the
            // archive is opened for a client, also when that has left meanwhile: the grace time is counted while it is read.
            var isForClient = channels.HasSubscribers || _hasPaused;
            await opening.OpenAsync(stoppingToken);
            outage.Answered();
            if (isForClient)
            {
                standing.Set();
                await FollowAsync(stoppingToken);
            }

            return;
        }
        catch (OffsetOutOfRangeException)
        {
            // Which partition it is, and where it goes on, is found when it is opened again.
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
                HandOn(batch);
                _failures = 0;
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The archive changed, or nobody is subscribed any more.
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
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
                    events.HandOn(record, isLive: record.Origin.Offset >= positions.LiveFrom(partition));
                    positions.MoveTo(partition, record.Origin.Offset + 1);
                }
            }
            finally
            {
                channels.EndBatch();
            }
        }
    }

    /// <summary>Waits until somebody is subscribed. A subscription comes before the positions are given up, or gets later ones.</summary>
    private async Task PauseAsync(CancellationToken stoppingToken)
    {
        lock (channels.Turn)
        {
            if (channels.HasSubscribers)
            {
                return;
            }

            standing.Reset();
            (_isPaused, _hasPaused) = (true, true);
        }

        outage.Forget();
        stream.EndClients();
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
