using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Spool;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Between those who make records and the sink: keeps their order, and bounds what waits in memory. While the sink takes them, records go
/// straight to it and nothing touches the disk. When it has acknowledged nothing for a second, or the memory is full, all that is not
/// acknowledged goes to the spool, and what comes goes to its tail; what the sink already has stays there and is not read from the spool
/// again. Once everything in the spool was handed over, records go straight again. Anyone may send; it is thread-safe.
/// </summary>
internal sealed partial class RecordDelivery : IAsyncDisposable
{
    /// <summary>Records that wait in memory, the sink's among them: some seconds of a busy feed.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>What of them the sink has; less than a producer takes before it makes its callers wait.</summary>
    private const long MaxHandedBytes = 24 << 20;

    /// <summary>What waits for the disk; all of the memory may have to go there at once. Beyond it the sender waits, for the disk.</summary>
    private const long MaxUnwrittenBytes = MaxBytes + (MaxBytes / 2);

    private readonly IRecordSink _sink;
    private readonly DeliveryOptions _options;
    private readonly CollectorCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RecordSpool _spool;
    private readonly SpoolRoom _room;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loops;

    private readonly Lock _gate = new();
    private readonly LinkedList<DeliveryRecord> _waiting = new();
    private readonly LinkedList<DeliveryRecord> _handed = new();
    private long _bytes;
    private long _handedBytes;
    private long _unsafe;
    private TaskCompletionSource? _allSafe;
    private Task _handing = Task.CompletedTask;
    private TaskCompletionSource? _roomMade;
    private Exception? _failure;

    /// <summary>Opens the spool, and begins to send what an earlier run has left in it.</summary>
    /// <param name="sink">Where the records go.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="counters">Told what was sent and acknowledged.</param>
    /// <param name="missed">Told of what the spool could not keep.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when records go to disk, and when there is no room.</param>
    /// <exception cref="CollectorException">The spool cannot be used; the sentence says why.</exception>
    public RecordDelivery(
        IRecordSink sink, DeliveryOptions options, CollectorCounters counters, Action<MissedTicks> missed, TimeProvider time, ILogger logger)
    {
        (_sink, _options, _counters, _time, _logger) = (sink, options, counters, time, logger);
        (_toWrite, _toDrain) = (new WakeSignal(time), new WakeSignal(time));
        _spool = OpenSpool();
        _room = new SpoolRoom(options.SpoolMaxBytes, options.Disk, options.Folder);
        var damages = new DamageReport(counters, missed, options.OnGapsLost, time, logger);
        _spool.OnDamage = damages.Tell;
        _earlierUpTo = _spool.LastSequence;
        _handedUpTo = _spool.LastSequence - _spool.Records;
        if (_spool.Records > 0)
        {
            (_isSpooling, _spoolingSince) = (true, time.GetTimestamp());
            _logger.SpoolFound(_spool.Records, new(_spool.Bytes), options.Folder);
        }

        _looks = new PeriodicTimer(BetweenLooks, time);
        LookAtRoom();
        _toDrain.Set();
        _loops = Task.WhenAll(RunAsync(WriteAsync), RunAsync(DrainAsync), RunAsync(WatchAsync));
    }

    /// <summary>How long the sink has acknowledged nothing although records wait for it; null while it does.</summary>
    public TimeSpan? AwayFor => _sink.AwayFor;

    /// <summary>Why the sink acknowledges nothing; null while it does, or where that is not known.</summary>
    public string? AwayReason => _sink.AwayReason;

    /// <summary>Bytes that the spool may take.</summary>
    public long SpoolMaxBytes
    {
        get => _room.MaxBytes;
        set => _room.MaxBytes = value;
    }

    /// <summary>How near the spool is to its bound; read for each tick.</summary>
    public SpoolPressure Pressure => (SpoolPressure)Volatile.Read(ref _pressure);

    /// <summary>
    /// Takes one record. The outer task completes when it stands in its order: await it before the next record of the same partition. The
    /// inner one completes when it cannot be lost any more: the sink has acknowledged it, or it is durable on disk.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="CollectorException">The sink refused a record for good.</exception>
    public async ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        var delivery = new DeliveryRecord(record);
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_failure is not null)
                {
                    throw new CollectorException($"no more records are taken: {_failure.Message}", _failure);
                }

                if (TryTake(delivery))
                {
                    _unsafe++;
                    _counters.RecordBatched();
                    _options.OnTaken?.Invoke(record);
                    return delivery.Safe;
                }

                room = (_roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes an element that was refused; completes when it stands in its order. When the spool is full it is left out, and counted.</summary>
    /// <param name="raw">Its bytes.</param>
    /// <param name="reason">Why it was refused.</param>
    public async Task SendLetterAsync(ReadOnlyMemory<byte> raw, string reason)
    {
        if (Pressure == SpoolPressure.Refuse)
        {
            _counters.Spool.LetterLeftOut();
            return;
        }

        await SendAsync(DeadLetterRecord.Of(raw.Span, reason), _stopping.Token);
    }

    /// <summary>Completes when every record that was taken so far cannot be lost any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CollectorException">The sink refused a record for good.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Task allSafe;
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw new CollectorException($"no more records are taken: {_failure.Message}", _failure);
            }

            allSafe = _unsafe == 0 ? Task.CompletedTask : (_allSafe ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await allSafe.WaitAsync(cancellationToken);
    }

    /// <summary>Puts everything on disk that the sink has not acknowledged, and hands it nothing more: the next run goes on from there.</summary>
    public void SpoolAll()
    {
        lock (_gate)
        {
            _isClosing = true;
            if (!_isSpooling && _bytes > 0)
            {
                StartSpooling();
            }
        }
    }

    /// <summary>Ends the sending; what is neither acknowledged nor on disk is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        Task handing;
        lock (_gate)
        {
            _failure ??= new ObjectDisposedException(nameof(RecordDelivery));
            handing = _handing;
        }

        await _stopping.CancelAsync();
        await handing;
        await _loops;
        _looks.Dispose();
        TrimSpool();
        _spool.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Under the lock.</summary>
    private bool TryTake(DeliveryRecord delivery)
    {
        if (!_isSpooling && !_isClosing && (_bytes == 0 || _bytes + delivery.Cost <= MaxBytes))
        {
            _bytes += delivery.Cost;
            _waiting.AddLast(delivery);
            _counters.RecordSent();
            HandOver();
            return true;
        }

        return (_isSpooling || _isClosing || !_options.FeedWaits) && TrySpool(delivery);
    }

    /// <summary>Hands the sink what it may have. Under the lock.</summary>
    private void HandOver()
    {
        while (_failure is null && !_isDraining && _handing.IsCompleted && _waiting.First is { } first && MayHand(first.Value.Cost))
        {
            _waiting.RemoveFirst();
            var taken = Hand(first);
            if (taken.IsCompletedSuccessfully)
            {
                Await(first, taken.Result);
            }
            else
            {
                _handing = FinishHandingAsync(first, taken);
            }
        }
    }

    private bool MayHand(long cost) => _handedBytes == 0 || _handedBytes + cost <= MaxHandedBytes;

    private ValueTask<Task> Hand(LinkedListNode<DeliveryRecord> node)
    {
        var delivery = node.Value;
        (delivery.IsHanded, delivery.HandedAt) = (true, _time.GetTimestamp());
        _handed.AddLast(node);
        _handedBytes += delivery.Cost;
        return _sink.SendAsync(delivery.Record, _stopping.Token);
    }

    /// <summary>The sink has no room at the moment.</summary>
    private async Task FinishHandingAsync(LinkedListNode<DeliveryRecord> node, ValueTask<Task> taken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            Await(node, await taken);
        }
        catch (Exception exception)
        {
            Fail(node.Value, exception);
        }

        lock (_gate)
        {
            _handing = Task.CompletedTask;
            HandOver();
        }
    }

    private void Await(LinkedListNode<DeliveryRecord> node, Task acknowledged) => acknowledged.ContinueWith(
        (task, state) => OnAnswer((LinkedListNode<DeliveryRecord>)state!, task), node, CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void OnAnswer(LinkedListNode<DeliveryRecord> node, Task acknowledged)
    {
        var delivery = node.Value;
        if (!acknowledged.IsCompletedSuccessfully)
        {
            Fail(delivery, acknowledged.Exception?.InnerException ?? new OperationCanceledException());
            return;
        }

        TaskCompletionSource? roomMade;
        lock (_gate)
        {
            delivery.IsAcknowledged = true;
            _handed.Remove(node);
            _handedBytes -= delivery.Cost;
            _bytes -= delivery.Cost;
            (_answeredAt, _isStalled) = (_time.GetTimestamp(), false);
            OnAcknowledged(delivery);
            OnSafe(delivery);
            HandOver();
            (roomMade, _roomMade) = (_roomMade, null);
        }

        delivery.MakeSafe();
        roomMade?.SetResult();
    }

    /// <summary>Under the lock.</summary>
    private void OnSafe(DeliveryRecord delivery)
    {
        if (!delivery.IsSafe)
        {
            delivery.IsSafe = true;
            if (--_unsafe == 0)
            {
                _allSafe?.SetResult();
                _allSafe = null;
            }
        }
    }

    private void Fail(DeliveryRecord delivery, Exception reason)
    {
        TaskCompletionSource? roomMade;
        lock (_gate)
        {
            _failure ??= reason;
            (roomMade, _roomMade) = (_roomMade, null);
            _allSafe?.TrySetException(new CollectorException($"no more records are taken: {reason.Message}", reason));
            _allSafe = null;
        }

        delivery.Fail(reason);
        roomMade?.SetResult();
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception exception)
        {
            TaskCompletionSource? roomMade;
            lock (_gate)
            {
                _failure ??= exception;
                (roomMade, _roomMade) = (_roomMade, null);
                _allSafe?.TrySetException(new CollectorException($"no more records are taken: {exception.Message}", exception));
                _allSafe = null;
            }

            roomMade?.SetResult();
            _logger.DeliveryFailed(exception);
        }
    }
}
