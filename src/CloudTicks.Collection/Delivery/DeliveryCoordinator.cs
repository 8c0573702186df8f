using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Spool;
using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Delivery;

/// <summary>
/// Guards the delivery state with one lock, and acts on it: sends to the sink, wakes the loops, releases waiting senders.
/// </summary>
internal sealed class DeliveryCoordinator(
    IRecordSink sink, RecordSpool spool, SpoolLevel level, DeliveryOptions options, CollectorCounters counters, TimeProvider time,
    ILogger logger, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly DeliveryState _state = new(options.FeedWaits, spool.LastSequence, spool.Records);
    private Task _pendingHandover = Task.CompletedTask;
    private bool _wasSpooling = spool.Records > 0;
    private long _spoolingSince = time.GetTimestamp();
    private TaskCompletionSource? _roomSignal;
    private TaskCompletionSource? _allSafe;

    public WakeSignal WriteSignal { get; } = new();

    /// <summary>Set when there may be a spooled record that the sink has room for.</summary>
    public WakeSignal DrainSignal { get; } = new();

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Whether records are written to disk first, and whether the sink acknowledges nothing.</summary>
    public (bool IsSpooling, bool IsStalled) Phase => Read(state => (state.IsSpooling, state.IsStalled));

    /// <summary>Completes when the sink has accepted or refused the record that is being handed over.</summary>
    public Task PendingHandover => Read(_ => _pendingHandover);

    /// <summary>Completes when every record accepted so far is acknowledged or on disk.</summary>
    /// <exception cref="CollectorException">No more records are accepted.</exception>
    public Task AllSafe()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            return _state.IsEverythingSafe ? Task.CompletedTask : (_allSafe ??= NewSignal()).Task;
        }
    }

    /// <summary>Accepts a record in order.</summary>
    /// <returns>Null when the record is accepted; otherwise a task that completes when there may be room.</returns>
    /// <exception cref="CollectorException">No more records are accepted.</exception>
    public Task? TryAccept(DeliveryRecord record)
    {
        lock (_gate)
        {
            ThrowIfFailed();
            var isAccepted = _state.TryAccept(record, !options.FeedWaits || level.HasRoom(_state.UnwrittenBytes));
            if (isAccepted)
            {
                counters.RecordBatched();
                counters.RecordSent();
                options.OnAccepted?.Invoke(record.Record);
            }

            Apply();
            return isAccepted ? null : (_roomSignal ??= NewSignal()).Task;
        }
    }

    public SpoolGroup NextForDisk() => Read(state => state.NextForDisk());

    public void OnWritten(SpoolGroup group, long first)
    {
        lock (_gate)
        {
            _state.OnWritten(group, first);
            foreach (var record in group.Records)
            {
                Count(record);
            }

            spool.Acknowledge(_state.AcknowledgedUpTo);
            DrainSignal.Set();
            Apply();
            SignalRoom();
        }
    }

    public void OnUnwritable(string reason)
    {
        level.OnUnwritable(reason);
        Change(() =>
        {
            if (_state.OnUnwritable(spool.IsFullyRead))
            {
                level.ClearTrouble();
            }
        });
    }

    /// <summary>Begins to drain one record if the sink has room for it. If this returns true, <see cref="EndDrain"/> must follow.</summary>
    public bool TryBeginDrain() => Read(state => state.TryBeginDrain());

    /// <summary>Hands over a record read from the spool; completes when the sink has accepted it.</summary>
    public async Task HandOverAsync(SpooledRecord spooled)
    {
        var record = new DeliveryRecord(spooled.Record) { Sequence = spooled.Sequence, IsSafe = true };
        ValueTask<Task> accepted;
        lock (_gate)
        {
            _state.OnRead(record, Now);
            counters.RecordSent();
            accepted = sink.SendAsync(record.Record, stopping);
        }

        Observe(record, await accepted);
    }

    public void OnSpoolRead() => Change(() =>
    {
        if (_state.TryEndSpooling(spool.IsFullyRead))
        {
            level.ClearTrouble();
            var seconds = time.GetElapsedTime(_spoolingSince).TotalSeconds;
            logger.SpoolingEnded(seconds);
        }
    });

    public void EndDrain() => Change(_state.EndDrain);

    /// <summary>
    /// Checks whether the sink is stalled, and updates the spool's pressure from the free disk space, which the caller must read first.
    /// </summary>
    public void CheckTimeouts() => Change(() =>
    {
        _state.CheckTimeouts(Now);
        SignalRoom();
    });

    public void Close() => Change(_state.Close);

    /// <summary>Permanently stops accepting and handing over records; callers get an exception with the reason.</summary>
    public void Fail(Exception reason)
    {
        lock (_gate)
        {
            _state.Fail(reason);
            SignalRoom();
            _allSafe?.TrySetException(Refusal(reason));
            _allSafe = null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CollectorException Refusal(Exception reason) => new($"no more records are accepted: {reason.Message}", reason);

    private void ThrowIfFailed()
    {
        if (_state.Failure is { } failure)
        {
            throw Refusal(failure);
        }
    }

    private T Read<T>(Func<DeliveryState, T> read)
    {
        lock (_gate)
        {
            return read(_state);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Apply();
        }
    }

    /// <summary>Acts on the state after an event. Requires the lock.</summary>
    private void Apply()
    {
        if (_state.IsSpooling && !_wasSpooling)
        {
            _spoolingSince = time.GetTimestamp();
            DrainSignal.Set();
            if (!_state.IsClosing)
            {
                logger.SpoolingStarted(_state.IsStalled ? "acknowledges nothing" : "is slower than the feed", options.Folder);
            }
        }

        _wasSpooling = _state.IsSpooling;
        level.Update(_state.IsSpooling, _state.UnwrittenBytes);
        HandOver();
        if (_state.UnwrittenBytes > 0)
        {
            WriteSignal.Set();
        }

        if (_state.IsEverythingSafe)
        {
            _allSafe?.SetResult();
            _allSafe = null;
        }
    }

    private void HandOver()
    {
        while (_state.NextForSink(Now) is { } record)
        {
            var accepted = sink.SendAsync(record.Record, stopping);
            if (accepted.IsCompletedSuccessfully)
            {
                _state.OnAccepted();
                Observe(record, accepted.Result);
            }
            else
            {
                _pendingHandover = FinishHandoverAsync(record, accepted);
            }
        }
    }

    private async Task FinishHandoverAsync(DeliveryRecord record, ValueTask<Task> accepted)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            Observe(record, await accepted);
        }
        catch (Exception exception)
        {
            Refuse(record, exception);
        }

        Change(_state.OnAccepted);
    }

    private void Observe(DeliveryRecord record, Task acknowledged) => acknowledged.ContinueWith(
        (task, state) => OnCompleted((DeliveryRecord)state!, task), record, CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void OnCompleted(DeliveryRecord record, Task acknowledged)
    {
        if (!acknowledged.IsCompletedSuccessfully)
        {
            Refuse(record, acknowledged.Exception?.InnerException ?? new OperationCanceledException());
            return;
        }

        lock (_gate)
        {
            _state.OnAcknowledged(record, Now);
            counters.RecordAcknowledged(record.Record, _state.IsEarlier(record), time.GetUtcNow().ToUnixTimeMilliseconds());
            if (record.Sequence > 0)
            {
                counters.Spool.Drained(record.Record.Ticks);
            }

            spool.Acknowledge(_state.AcknowledgedUpTo);
            if (_state.IsSpooling)
            {
                DrainSignal.Set();
            }

            Apply();
            SignalRoom();
        }

        record.MakeSafe();
    }

    private void Refuse(DeliveryRecord record, Exception reason)
    {
        Fail(reason);
        record.Fail(reason);
    }

    private void Count(DeliveryRecord record)
    {
        counters.Spool.Spooled(record.Record.Ticks);
        if (!record.IsHandedOver)
        {
            counters.RecordSpooled();
        }
        else if (record.IsAcknowledged)
        {
            // The sink acknowledged the record before the disk write finished.
            counters.Spool.Drained(record.Record.Ticks);
        }
    }

    private void SignalRoom()
    {
        _roomSignal?.SetResult();
        _roomSignal = null;
    }
}
