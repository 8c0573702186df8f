using CloudTicks.Collection.Intake;

namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Between those who make records and the sink: keeps their order, and bounds what waits in memory. Anyone may send; it is thread-safe.
/// </summary>
internal sealed class RecordDelivery : IAsyncDisposable
{
    /// <summary>Records that wait in memory, the sink's among them: some seconds of a busy feed.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>What of them the sink has; less than a producer takes before it makes its callers wait.</summary>
    private const long MaxHandedBytes = 24 << 20;

    private readonly IRecordSink _sink;
    private readonly CollectorCounters _counters;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly LinkedList<DeliveryRecord> _waiting = new();
    private readonly LinkedList<DeliveryRecord> _handed = new();
    private long _bytes;
    private long _handedBytes;
    private Task _handing = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private Exception? _failure;

    /// <summary>Makes the delivery.</summary>
    /// <param name="sink">Where the records go.</param>
    /// <param name="counters">Told what was sent and acknowledged.</param>
    /// <param name="time">The clock.</param>
    public RecordDelivery(IRecordSink sink, CollectorCounters counters, TimeProvider time) => (_sink, _counters, _time) = (sink, counters, time);

    /// <summary>How long the sink has acknowledged nothing although records wait for it; null while it does.</summary>
    public TimeSpan? AwayFor => _sink.AwayFor;

    /// <summary>
    /// Takes one record. The outer task completes when it stands in its order: await it before the next record of the same partition. The
    /// inner one completes when it cannot be lost any more.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="CollectorException">The sink refused a record for good.</exception>
    public async ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_failure is not null)
                {
                    throw new CollectorException($"no more records are taken: {_failure.Message}", _failure);
                }

                var delivery = new DeliveryRecord(record, _time.GetTimestamp());
                if (_bytes == 0 || _bytes + delivery.Cost <= MaxBytes)
                {
                    _bytes += delivery.Cost;
                    _waiting.AddLast(delivery);
                    _counters.RecordSent();
                    HandOver();
                    return delivery.Safe;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

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
        _stopping.Dispose();
    }

    /// <summary>Hands the sink what it may have. Under the lock.</summary>
    private void HandOver()
    {
        while (_failure is null && _handing.IsCompleted && _waiting.First is { } first
            && (_handedBytes == 0 || _handedBytes + first.Value.Cost <= MaxHandedBytes))
        {
            _waiting.RemoveFirst();
            _handed.AddLast(first);
            _handedBytes += first.Value.Cost;
            var taken = _sink.SendAsync(first.Value.Record, _stopping.Token);
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
        if (!acknowledged.IsCompletedSuccessfully)
        {
            Fail(node.Value, acknowledged.Exception?.InnerException ?? new OperationCanceledException());
            return;
        }

        TaskCompletionSource? room;
        lock (_gate)
        {
            _handed.Remove(node);
            _handedBytes -= node.Value.Cost;
            _bytes -= node.Value.Cost;
            _counters.RecordAcknowledged(node.Value.Record.Ticks);
            (room, _room) = (_room, null);
            HandOver();
        }

        node.Value.MakeSafe();
        room?.SetResult();
    }

    private void Fail(DeliveryRecord record, Exception reason)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _failure ??= reason;
            (room, _room) = (_room, null);
        }

        record.Fail(reason);
        room?.SetResult();
    }
}
