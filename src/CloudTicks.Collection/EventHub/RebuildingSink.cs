using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.EventHub;

/// <summary>
/// Sends to the event hub. When that comes back without the archive, the archive is made anew, and what was not acknowledged is sent again,
/// in its order, by a new client: the old one goes on counting where it stood in a log that is gone. What waits here is what was handed
/// over, which the caller bounds. One caller at a time hands over.
/// </summary>
internal sealed class RebuildingSink : IRecordSink, IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Func<RecordProducer> _connect;
    private readonly string _feed;
    private readonly LostArchive _archive;
    private readonly CollectorCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventStreamConnection _hub;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingRecord> _waiting = new();
    private RecordProducer _producer;
    private EventHubSink _sink;
    private int _generation;
    private bool _isRebuilding;
    private long _since;
    private string? _lossTold;
    private Queue<WaitingRecord>? _again;
    private Exception? _failure;

    /// <param name="logger">Told when the archive was lost, and when it is there again.</param>
    public RebuildingSink(
        Func<RecordProducer> connect, string feed, EventStreamConnection hub, LostArchive archive, CollectorCounters counters,
        TimeProvider time, ILogger logger)
    {
        (_connect, _feed, _hub, _archive, _counters, _time, _logger) = (connect, feed, hub, archive, counters, time, logger);
        _producer = connect();
        _sink = new EventHubSink(_producer, feed);
        _watching = WatchAsync();
    }

    public TimeSpan? AwayFor
    {
        get
        {
            lock (_gate)
            {
                return _isRebuilding ? _time.GetElapsedTime(_since) : _producer.HubAwayFor;
            }
        }
    }

    public string? AwayReason
    {
        get
        {
            lock (_gate)
            {
                return _isRebuilding ? "its archive is gone and is made anew" : _producer.HubAwayReason;
            }
        }
    }

    public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        var waiting = new WaitingRecord(record);
        EventHubSink sink;
        int generation;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return ValueTask.FromException<Task>(_failure);
            }

            waiting.Place = _waiting.AddLast(waiting);
            if (_isRebuilding || _lossTold is not null)
            {
                // It goes behind those before it.
                _again?.Enqueue(waiting);
                return new ValueTask<Task>(waiting.Acknowledged);
            }

            (sink, generation) = (_sink, _generation);
        }

        return HandAsync(waiting, sink, generation, cancellationToken);
    }

    /// <summary>Does what the first record would wait for.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => _producer.PrepareAsync(TopicNames.TickArchive, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        await _producer.DisposeAsync();
        _stopping.Dispose();
    }

    private async ValueTask<Task> HandAsync(WaitingRecord waiting, EventHubSink sink, int generation, CancellationToken cancellationToken)
    {
        try
        {
            var acknowledged = await sink.SendAsync(waiting.Record, cancellationToken);
            _ = acknowledged.ContinueWith(
                task => OnAnswer(waiting, generation, task.Exception?.InnerException),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception exception) when (exception is EventStreamException or ObjectDisposedException)
        {
            OnAnswer(waiting, generation, exception);
        }

        return waiting.Acknowledged;
    }

    private void OnAnswer(WaitingRecord waiting, int generation, Exception? refusal)
    {
        lock (_gate)
        {
            if (refusal is not null && (generation != _generation || IsLoss(refusal)))
            {
                // It is sent again, by the client after this one.
                _lossTold ??= generation == _generation ? refusal.Message : null;
                return;
            }

            if (waiting.Place is { List: not null } place)
            {
                _waiting.Remove(place);
            }
        }

        waiting.Answer(refusal);
    }

    /// <summary>Whether no client can bring it to where it should go, or this client can do no more.</summary>
    private static bool IsLoss(Exception refusal) =>
        refusal is EventStreamException { IsFatal: true } or EventStreamException { IsTopicMissing: true };

    private async Task WatchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var isSuspected = false;
            await _archive.WhyLostAsync(_stopping.Token);
            using var looks = new PeriodicTimer(BetweenLooks, _time);
            while (await looks.WaitForNextTickAsync(_stopping.Token))
            {
                var why = Volatile.Read(ref _lossTold)
                    ?? (_producer.HubAwayFor is null || _producer.IsRefusedByHub ? null : await _archive.WhyLostAsync(_stopping.Token));
                // Twice: a server that has just started may not have heard of all its topics.
                if (why is not null && (isSuspected || _lossTold is not null))
                {
                    await RebuildAsync(why);
                    why = null;
                }

                isSuspected = why is not null;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped: what was not acknowledged is in the spool.
        }
        catch (Exception exception)
        {
            // Whoever waits for it hears of it, and ends loudly.
            Fail(exception);
        }
    }

    private async Task RebuildAsync(string why)
    {
        int generation;
        lock (_gate)
        {
            (_isRebuilding, _since, generation) = (true, _time.GetTimestamp(), ++_generation);
        }

        _counters.ArchiveRebuilt();
        _logger.ArchiveLost(_hub, why.TrimEnd('.'), _waiting.Count);
        await _producer.DisposeAsync();
        while (true)
        {
            try
            {
                await _archive.MakeAnewAsync(_stopping.Token);
                break;
            }
            catch (EventStreamException exception)
            {
                _logger.ArchiveNotMade(_hub, exception.Message);
                await Task.Delay(BetweenLooks, _time, _stopping.Token);
            }
        }

        _producer = _connect();
        _sink = new EventHubSink(_producer, _feed);
        var sent = await SendAgainAsync(generation);
        _logger.ArchiveMade(_hub, sent);
    }

    private async Task<long> SendAgainAsync(int generation)
    {
        lock (_gate)
        {
            (_lossTold, _again) = (null, new Queue<WaitingRecord>(_waiting));
        }

        for (var sent = 0L; ; sent++)
        {
            WaitingRecord? next = null;
            lock (_gate)
            {
                if (_lossTold is not null || !_again.TryDequeue(out next))
                {
                    // What is left, when it was lost once more, stands in its order among those that wait.
                    (_isRebuilding, _again) = (false, null);
                    return sent;
                }
            }

            await HandAsync(next, _sink, generation, _stopping.Token);
        }
    }

    private void Fail(Exception reason)
    {
        WaitingRecord[] left;
        lock (_gate)
        {
            _failure = reason;
            left = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var waiting in left)
        {
            waiting.Answer(reason);
        }
    }
}
