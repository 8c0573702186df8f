using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

/// <summary>
/// Sends to the event hub. If the event hub has lost the archive, the sink creates the archive again and resends all unacknowledged records
/// in order. It uses a new client, because the old client would continue the sequence numbers of the lost log. The caller bounds the number
/// of waiting records and sends one record at a time.
/// </summary>
internal sealed class RebuildingSink : IRecordSink, IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly Func<RecordProducer> _connect;
    private readonly string _feed;
    private readonly LostArchive _lostArchive;
    private readonly CollectorCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventStreamConnection _hub;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _monitoring;

    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingRecord> _waiting = new();
    private RecordProducer _producer;
    private EventHubSink _sink;
    private int _generation;
    private bool _isRebuilding;
    private long _lostAt;
    private string? _lossReason;
    private Queue<WaitingRecord>? _resendQueue;
    private Exception? _failure;

    public RebuildingSink(
        Func<RecordProducer> connect, string feed, EventStreamConnection hub, LostArchive archive, CollectorCounters counters,
        TimeProvider time, ILogger logger)
    {
        (_connect, _feed, _hub, _lostArchive, _counters, _time, _logger) = (connect, feed, hub, archive, counters, time, logger);
        _producer = connect();
        _sink = new EventHubSink(_producer, feed);
        _monitoring = MonitorAsync();
    }

    public TimeSpan? UnavailableFor
    {
        get
        {
            lock (_gate)
            {
                return _isRebuilding ? _time.GetElapsedTime(_lostAt) : _producer.HubOutageDuration;
            }
        }
    }

    public string? UnavailableReason
    {
        get
        {
            lock (_gate)
            {
                return _isRebuilding ? "its archive is gone and is being created again" : _producer.HubOutageReason;
            }
        }
    }

    public ValueTask<Task> SendAsync(OutgoingRecord outgoing, CancellationToken cancellationToken)
    {
        var record = new WaitingRecord(outgoing);
        EventHubSink sink;
        int generation;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return ValueTask.FromException<Task>(_failure);
            }

            record.Node = _waiting.AddLast(record);
            if (_isRebuilding || _lossReason is not null)
            {
                // The record is sent when the unacknowledged records are resent, after all earlier records.
                _resendQueue?.Enqueue(record);
                return new ValueTask<Task>(record.Acknowledged);
            }

            (sink, generation) = (_sink, _generation);
        }

        return HandOverAsync(record, sink, generation, cancellationToken);
    }

    /// <summary>Connects before the first record is sent.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => _producer.PrepareAsync(TopicNames.TickArchive, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _monitoring;
        await _producer.DisposeAsync();
        _stopping.Dispose();
    }

    private async ValueTask<Task> HandOverAsync(
        WaitingRecord record, EventHubSink sink, int generation, CancellationToken cancellationToken)
    {
        try
        {
            var acknowledged = await sink.SendAsync(record.Record, cancellationToken);
            _ = acknowledged.ContinueWith(
                task => OnCompleted(record, generation, task.Exception?.InnerException),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is EventStreamException or ObjectDisposedException)
        {
            OnCompleted(record, generation, exception);
        }

        return record.Acknowledged;
    }

    private void OnCompleted(WaitingRecord record, int generation, Exception? refusal)
    {
        lock (_gate)
        {
            if (refusal is not null && (generation != _generation || IsLoss(refusal)))
            {
                // The next client resends the record.
                _lossReason ??= generation == _generation ? refusal.Message : null;
                return;
            }

            if (record.Node is { List: not null } place)
            {
                _waiting.Remove(place);
            }
        }

        record.Complete(refusal);
    }

    /// <summary>Whether a refusal means that the topic is gone, or that this client can no longer send.</summary>
    private static bool IsLoss(Exception refusal) =>
        refusal is EventStreamException { IsFatal: true } or EventStreamException { IsTopicMissing: true };

    private async Task MonitorAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var isSuspected = false;
            await _lostArchive.FindLossAsync(_stopping.Token);
            using var pollTimer = new PeriodicTimer(PollInterval, _time);
            while (await pollTimer.WaitForNextTickAsync(_stopping.Token))
            {
                var reason = Volatile.Read(ref _lossReason)
                    ?? (_producer.HubOutageDuration is null || _producer.IsRefusedByHub
                        ? null
                        : await _lostArchive.FindLossAsync(_stopping.Token));
                // A loss found by polling must be confirmed by the next poll, because a server that has just started may not know all its
                // topics yet.
                if (reason is not null && (isSuspected || _lossReason is not null))
                {
                    await RebuildAsync(reason);
                    reason = null;
                }

                isSuspected = reason is not null;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Unacknowledged records are in the spool.
        }
        catch (Exception exception)
        {
            // Fails every waiting record, which stops the collector.
            Fail(exception);
        }
    }

    private async Task RebuildAsync(string reason)
    {
        int generation;
        lock (_gate)
        {
            (_isRebuilding, _lostAt, generation) = (true, _time.GetTimestamp(), ++_generation);
        }

        _counters.ArchiveRebuilt();
        _logger.ArchiveLost(_hub, reason.TrimEnd('.'), _waiting.Count);
        await _producer.DisposeAsync();
        while (true)
        {
            try
            {
                await _lostArchive.RecreateAsync(_stopping.Token);
                break;
            }
            catch (EventStreamException exception)
            {
                _logger.ArchiveNotCreated(_hub, exception.Message);
                await Task.Delay(PollInterval, _time, _stopping.Token);
            }
        }

        _producer = _connect();
        _sink = new EventHubSink(_producer, _feed);
        var resentRecords = await ResendAsync(generation);
        _logger.ArchiveCreated(_hub, resentRecords);
    }

    private async Task<long> ResendAsync(int generation)
    {
        lock (_gate)
        {
            (_lossReason, _resendQueue) = (null, new Queue<WaitingRecord>(_waiting));
        }

        for (var resentRecords = 0L; ; resentRecords++)
        {
            WaitingRecord? next = null;
            lock (_gate)
            {
                if (_lossReason is not null || !_resendQueue.TryDequeue(out next))
                {
                    // If the archive was lost again, the remaining records are still in _waiting, in order.
                    (_isRebuilding, _resendQueue) = (false, null);
                    return resentRecords;
                }
            }

            await HandOverAsync(next, _sink, generation, _stopping.Token);
        }
    }

    private void Fail(Exception reason)
    {
        WaitingRecord[] remaining;
        lock (_gate)
        {
            _failure = reason;
            remaining = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var record in remaining)
        {
            record.Complete(reason);
        }
    }
}
