namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The one log that every change goes through, and where batches stay. A thread takes what entries are waiting, writes them in one piece,
/// flushes once, and hands them to the apply thread; while the flush runs, the next entries gather, and a moment longer when that
/// saves flushes (<see cref="WalSettings.Gathering"/>). With little to do an entry waits for nothing but its own flush. What is large is
/// written in slices between which small entries pass it (<see cref="LogQueue"/>, <see cref="SlicedWrite"/>).
/// </summary>
/// <remarks>
/// The queue needs no bound of its own: each waiting entry belongs to a request in flight, and those are bounded by connection, by
/// number and by bytes.
/// </remarks>
internal sealed class WriteAheadLog : IDisposable
{
    private readonly LogWriter _writer;
    private readonly WalSettings _settings;
    private readonly ApplyThread _apply;
    private readonly Func<long, Action> _beginCheckpoint;
    private readonly Action<Exception> _onBroken;
    private readonly SpaceGuard _space;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _entered = new(false);
    private readonly LogQueue _queue = new();
    private int _wakesAt = int.MaxValue;
    private int _lastCount = 1;
    private long _lastEnd;
    private int _sliceBytes;
    private long? _smallAt;
    private LogFailure? _closed;
    private long _checkpointAt;
    private long _markedAt;
    private volatile bool _checkpointRunning;
    private volatile bool _rollRequested;
    private volatile bool _checkpointRequested;

    public WriteAheadLog(
        LogWriter writer, WalSettings settings, ApplyThread apply, SpaceGuard space, Func<long, Action> beginCheckpoint,
        TimeProvider time, Action<Exception> onBroken)
    {
        (_writer, _settings, _apply, _space) = (writer, settings, apply, space);
        (_beginCheckpoint, _time, _onBroken) = (beginCheckpoint, time, onBroken);
        _thread = new Thread(Run) { Name = "write-ahead log", IsBackground = true };
    }

    /// <summary>Begins at the position behind the last whole record.</summary>
    /// <param name="file">The file to go on with; null for a new one.</param>
    public void Start(long position, long checkpointed, LogFile? file)
    {
        _writer.Start(position, file);
        _markedAt = checkpointed;
        _checkpointAt = checkpointed + _settings.CheckpointBytes;
        _thread.Start();
    }

    /// <summary>Hands in an entry; entries of one caller keep their order. The entry is answered in any case.</summary>
    public void Enqueue(LogEntry entry)
    {
        LogFailure? closed;
        var wakes = false;
        lock (_gate)
        {
            closed = _closed;
            if (closed is null)
            {
                _queue.Add(entry);
                if (entry.Bytes <= WalSettings.SmallBytes)
                {
                    _smallAt = _time.GetTimestamp();
                }

                wakes = _queue.Count >= _wakesAt || (_wakesAt < int.MaxValue && _queue.Bytes > _settings.LittleBytes);
                _wakesAt = wakes ? int.MaxValue : _wakesAt;
            }
        }

        if (closed is { } reason)
        {
            entry.Fail(reason);
        }
        else if (wakes)
        {
            _entered.Set();
        }
    }

    /// <summary>Makes a checkpoint soon, although the log has not grown enough for one.</summary>
    /// <param name="roll">True to end the current file before.</param>
    public void RequestCheckpoint(bool roll)
    {
        _rollRequested |= roll;
        _checkpointRequested = true;
        _entered.Set();
    }

    public void CheckpointEnded() => _checkpointRunning = false;

    /// <summary>Writes what is waiting, takes nothing more, and ends with a last checkpoint.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _closed ??= LogFailure.Stopping;
        }

        _entered.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _writer.Dispose();
        _entered.Dispose();
    }

    private void Run()
    {
        CommitGroup? group = null;
        try
        {
            while ((group = Take()) is not null)
            {
                Commit(group);
                group = null; // answered, or with the apply thread
                if (_checkpointRequested)
                {
                    _checkpointRequested = false;
                    _checkpointAt = Math.Min(_checkpointAt, _writer.Position);
                }

                if (_writer.Position >= _checkpointAt && _writer.Position > _markedAt && !_checkpointRunning)
                {
                    BeginCheckpoint();
                }
            }

            if (_closed == LogFailure.Stopping)
            {
                BeginCheckpoint();
            }
        }
        catch (Exception e)
        {
            Break(e, group);
        }
        finally
        {
            _apply.Complete();
        }
    }

    /// <summary>While small entries come, no flush has much with it for which they would have to wait.</summary>
    private bool IsShared => _smallAt is { } at && _time.GetElapsedTime(at) < _settings.Sharing;

    /// <summary>The waiting entries, as many as one write takes; null when the log is closed and empty.</summary>
    private CommitGroup? Take()
    {
        var timedOut = false;
        while (true)
        {
            bool gathers;
            lock (_gate)
            {
                gathers = !timedOut && !_writer.IsSlicing && _queue.Count > 0 && _queue.Count < _lastCount
                    && _queue.Bytes <= _settings.LittleBytes && _closed is null && _time.GetElapsedTime(_lastEnd) < _settings.Busy;
                if ((_queue.Count > 0 || _writer.IsSlicing) && !gathers)
                {
                    var group = _apply.RentGroup();
                    var (maxBytes, sliceBytes) =
                        IsShared ? (_settings.SharedBytes, _settings.SliceBytes) : (_settings.MaxBytes, _settings.MaxBytes);
                    _sliceBytes = sliceBytes;
                    _queue.TakeInto(group, _settings.MaxEntriesPerWrite, maxBytes);
                    if (!_writer.IsSlicing && _queue.TakeSliced() is { } large)
                    {
                        _writer.BeginSlices(large);
                    }

                    (_wakesAt, _lastCount) = (int.MaxValue, Math.Max(group.Entries.Count, 1));
                    return group;
                }

                if (_closed is not null)
                {
                    return null;
                }

                if (_checkpointRequested || _rollRequested)
                {
                    return _apply.RentGroup();
                }

                _wakesAt = gathers ? _lastCount : 1;
            }

            timedOut = !_entered.WaitOne(gathers ? _settings.Gathering : Timeout.InfiniteTimeSpan);
        }
    }

    private void Commit(CommitGroup group)
    {
        if (!_space.HasRoom())
        {
            if (_writer.Position > _markedAt && !_checkpointRunning)
            {
                BeginCheckpoint(); // the log before it can then be deleted
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
        if (_writer.TakeEnded() is { } ended)
        {
            lock (_gate)
            {
                _queue.Release(ended);
            }
        }

        if (!isStored)
        {
            group.Fail(LogFailure.DiskFull);
            _apply.ReturnGroup(group);
            return;
        }

        _lastEnd = _time.GetTimestamp();
        group.Full = _writer.TakeFull();
        if (group.Entries.Count == 0 && group.Full is null)
        {
            _apply.ReturnGroup(group);
        }
        else if (group.Bytes > _settings.LittleBytes || HasWaiting() || !_apply.TryApplyHere(group))
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

    private void BeginCheckpoint()
    {
        _checkpointRunning = true;
        _markedAt = _writer.Position;
        _checkpointAt = _writer.Position + _settings.CheckpointBytes;
        var mark = _apply.RentGroup();
        mark.Mark = _beginCheckpoint(_writer.Position);
        mark.Full = _writer.TakeFull();
        _apply.Add(mark);
    }

    private void Break(Exception failure, CommitGroup? group)
    {
        List<LogEntry> waiting;
        lock (_gate)
        {
            _closed = LogFailure.Broken;
            waiting = _queue.Clear();
        }

        _onBroken(failure);
        _writer.FailSlices(LogFailure.Broken, group);
        group?.Fail(LogFailure.Broken);
        foreach (var entry in waiting)
        {
            entry.Fail(LogFailure.Broken);
        }
    }
}
