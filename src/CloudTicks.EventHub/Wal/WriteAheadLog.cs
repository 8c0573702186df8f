namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The log of all changes, which also stores the batches. One thread takes the waiting entries, writes them in one piece, flushes once, and
/// passes them to the apply thread. Entries gather during the flush, and slightly longer when that saves flushes (<see
/// cref="WalSettings.GatherTime"/>). On an idle log an entry waits only for its own flush. Large entries are written in slices, and small
/// entries between the slices (<see cref="LogQueue"/>, <see cref="SlicedWrite"/>).
/// </summary>
/// <remarks>
/// The queue has no limit: each entry belongs to a request in flight, and the requests in flight are limited by connection, number and
/// bytes.
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    private readonly LogWriter _writer;
    private readonly WalSettings _settings;
    private readonly ApplyThread _apply;
    private readonly Func<long, Action> _startCheckpoint;
    private readonly Action<Exception> _onFailed;
    private readonly SpaceGuard _space;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wakeSignal = new(false);
    private readonly LogQueue _queue = new();
    private int _wakeCount = int.MaxValue;
    private int _lastEntryCount = 1;
    private long _endedAt;
    private int _sliceBytes;
    private long? _lastSmallEntryAt;
    private LogFailure? _closedBy;
    private long _checkpointAt;
    private long _markedPosition;
    private volatile bool _checkpointRunning;
    private volatile bool _rollRequested;
    private volatile bool _checkpointRequested;

    public WriteAheadLog(
        LogWriter writer, WalSettings settings, ApplyThread apply, SpaceGuard space, Func<long, Action> startCheckpoint,
        TimeProvider time, Action<Exception> onFailed)
    {
        (_writer, _settings, _apply, _space) = (writer, settings, apply, space);
        (_startCheckpoint, _time, _onFailed) = (startCheckpoint, time, onFailed);
        _thread = new Thread(Run) { Name = "write-ahead log", IsBackground = true };
    }

    /// <summary>Starts at the position after the last intact record.</summary>
    /// <param name="file">The file to continue; null for a new one.</param>
    public void Start(long position, long checkpointed, LogFile? file)
    {
        _writer.Start(position, file);
        _markedPosition = checkpointed;
        _checkpointAt = checkpointed + _settings.CheckpointBytes;
        _thread.Start();
    }

    /// <summary>Queues an entry; entries of one source keep their order. Every entry completes or fails.</summary>
    public void Enqueue(LogEntry entry)
    {
        LogFailure? closedBy;
        var wake = false;
        lock (_gate)
        {
            closedBy = _closedBy;
            if (closedBy is null)
            {
                _queue.Add(entry);
                if (entry.Bytes <= WalSettings.SmallBytes)
                {
                    _lastSmallEntryAt = _time.GetTimestamp();
                }

                wake = _queue.Count >= _wakeCount || (_wakeCount < int.MaxValue && _queue.Bytes > _settings.InlineBytes);
                _wakeCount = wake ? int.MaxValue : _wakeCount;
            }
        }

        if (closedBy is { } reason)
        {
            entry.Fail(reason);
        }
        else if (wake)
        {
            _wakeSignal.Set();
        }
    }

    /// <summary>Requests a checkpoint soon, even if the log has not grown enough for one.</summary>
    /// <param name="roll">True to start a new file first.</param>
    public void RequestCheckpoint(bool roll)
    {
        _rollRequested |= roll;
        _checkpointRequested = true;
        _wakeSignal.Set();
    }

    public void CheckpointEnded() => _checkpointRunning = false;

    /// <summary>Writes the queued entries, accepts no more, and ends with a last checkpoint.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _closedBy ??= LogFailure.Stopping;
        }

        _wakeSignal.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _writer.Dispose();
        _wakeSignal.Dispose();
    }

    private void Run()
    {
        CommitGroup? group = null;
        try
        {
            while ((group = Take()) is not null)
            {
                Commit(group);
                group = null; // completed, or passed to the apply thread
                if (_checkpointRequested)
                {
                    _checkpointRequested = false;
                    _checkpointAt = Math.Min(_checkpointAt, _writer.Position);
                }

                if (_writer.Position >= _checkpointAt && _writer.Position > _markedPosition && !_checkpointRunning)
                {
                    StartCheckpoint();
                }
            }

            if (_closedBy == LogFailure.Stopping)
            {
                StartCheckpoint();
            }
        }
        catch (Exception e)
        {
            FailAll(e, group);
        }
        finally
        {
            _apply.Complete();
        }
    }

    /// <summary>True while small entries arrive: writes are then limited, so that small entries do not wait for large writes.</summary>
    private bool IsShared => _lastSmallEntryAt is { } at && _time.GetElapsedTime(at) < _settings.ShareTime;

    /// <summary>Takes the entries of the next write; null when the log is closed and empty.</summary>
    private CommitGroup? Take()
    {
        var timedOut = false;
        while (true)
        {
            bool gather;
            lock (_gate)
            {
                gather = !timedOut && !_writer.IsSlicing && _queue.Count > 0 && _queue.Count < _lastEntryCount
                    && _queue.Bytes <= _settings.InlineBytes && _closedBy is null && _time.GetElapsedTime(_endedAt) < _settings.BusyWindow;
                if ((_queue.Count > 0 || _writer.IsSlicing) && !gather)
                {
                    var group = _apply.RentGroup();
                    var (maxBytes, sliceBytes) =
                        IsShared ? (_settings.SharedBytes, _settings.SliceBytes) : (_settings.MaxBytes, _settings.MaxBytes);
                    _sliceBytes = sliceBytes;
                    _queue.TakeInto(group, _settings.MaxEntriesPerWrite, maxBytes);
                    if (!_writer.IsSlicing && _queue.TakeSliced() is { } large)
                    {
                        _writer.StartSlices(large);
                    }

                    (_wakeCount, _lastEntryCount) = (int.MaxValue, Math.Max(group.Entries.Count, 1));
                    return group;
                }

                if (_closedBy is not null)
                {
                    return null;
                }

                if (_checkpointRequested || _rollRequested)
                {
                    return _apply.RentGroup();
                }

                _wakeCount = gather ? _lastEntryCount : 1;
            }

            timedOut = !_wakeSignal.WaitOne(gather ? _settings.GatherTime : Timeout.InfiniteTimeSpan);
        }
    }

    private void Commit(CommitGroup group)
    {
        if (!_space.HasRoom())
        {
            if (_writer.Position > _markedPosition && !_checkpointRunning)
            {
                StartCheckpoint(); // so that log files can be deleted
            }

            group.RefuseForSpace();
            _writer.FailSlices(LogFailure.DiskFull, group: null);
        }

        var roll = _rollRequested && !_writer.IsSlicing;
        if (roll)
        {
            _rollRequested = false;
        }

        var isStored = _writer.TryStore(group, roll, _sliceBytes);
        if (_writer.TakeEndedSource() is { } endedSource)
        {
            lock (_gate)
            {
                _queue.Release(endedSource);
            }
        }

        if (!isStored)
        {
            group.Fail(LogFailure.DiskFull);
            _apply.ReturnGroup(group);
            return;
        }

        _endedAt = _time.GetTimestamp();
        group.Full = _writer.TakeFullFile();
        if (group.Entries.Count == 0 && group.Full is null)
        {
            _apply.ReturnGroup(group);
        }
        else if (group.Bytes > _settings.InlineBytes || HasWaiting() || !_apply.TryApplyInline(group))
        {
            _apply.Add(group);
        }
    }

    private bool HasWaiting()
    {
        lock (_gate)
        {
            return _queue.Count > 0 || _writer.IsSlicing;
        }
    }

    private void StartCheckpoint()
    {
        _checkpointRunning = true;
        _markedPosition = _writer.Position;
        _checkpointAt = _writer.Position + _settings.CheckpointBytes;
        var mark = _apply.RentGroup();
        mark.Mark = _startCheckpoint(_writer.Position);
        mark.Full = _writer.TakeFullFile();
        _apply.Add(mark);
    }

    private void FailAll(Exception failure, CommitGroup? group)
    {
        List<LogEntry> waitingEntries;
        lock (_gate)
        {
            _closedBy = LogFailure.DiskFailed;
            waitingEntries = _queue.Clear();
        }

        _onFailed(failure);
        _writer.FailSlices(LogFailure.DiskFailed, group);
        group?.Fail(LogFailure.DiskFailed);
        foreach (var entry in waitingEntries)
        {
            entry.Fail(LogFailure.DiskFailed);
        }
    }
}
