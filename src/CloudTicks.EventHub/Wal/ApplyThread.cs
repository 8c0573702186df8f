using System.Collections.Concurrent;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Applies flushed entries: makes them visible and completes them. The thread runs in parallel with the log thread, which waits when it is
/// too far ahead.
/// </summary>
internal sealed class ApplyThread : IDisposable
{
    private const int MaxQueuedGroups = 4;

    // A monitor waits without spinning; a BlockingCollection yields the processor about sixty times before each wait.
    private readonly object _gate = new();
    private readonly Queue<CommitGroup> _groups = new(MaxQueuedGroups);
    private readonly ConcurrentBag<CommitGroup> _spareGroups = [];
    private readonly Action<LogFile> _onFull;
    private readonly Action _publish;
    private readonly Action<long> _onApplied;
    private readonly Action<Exception> _onFailed;
    private readonly Thread _thread;
    private bool _completed;
    private bool _isApplying;
    private bool _failed;

    /// <param name="onFull">Receives each complete log file after everything in it is applied.</param>
    /// <param name="publish">Makes the applied batches visible to readers.</param>
    /// <param name="onApplied">Receives the position up to which everything is applied, before the entries complete.</param>
    /// <param name="onFailed">Receives a permanent failure.</param>
    public ApplyThread(Action<LogFile> onFull, Action publish, Action<long> onApplied, Action<Exception> onFailed)
    {
        (_onFull, _publish, _onApplied, _onFailed) = (onFull, publish, onApplied, onFailed);
        _thread = new Thread(Run) { Name = "apply", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Log thread: adds a flushed group; waits when the apply thread is behind.</summary>
    public void Add(CommitGroup group)
    {
        lock (_gate)
        {
            while (_groups.Count == MaxQueuedGroups)
            {
                Monitor.Wait(_gate);
            }

            _groups.Enqueue(group);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Log thread, which alone adds groups: applies a group on the log thread when the apply thread is idle, because a wake-up costs more
    /// than a small group. Returns false when the apply thread is busy.
    /// </summary>
    public bool TryApplyInline(CommitGroup group)
    {
        lock (_gate)
        {
            if (_groups.Count > 0 || _isApplying)
            {
                return false;
            }
        }

        Process(group);
        return true;
    }

    /// <summary>Log thread: signals that no more groups follow.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.Pulse(_gate);
        }
    }

    public CommitGroup RentGroup() => _spareGroups.TryTake(out var group) ? group : new CommitGroup();

    public void ReturnGroup(CommitGroup group)
    {
        group.Clear();
        _spareGroups.Add(group);
    }

    /// <summary>Waits until every group is applied.</summary>
    public void Stop()
    {
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose() => Stop();

    private void Run()
    {
        while (Next() is { } group)
        {
            Process(group);
        }
    }

    private void Process(CommitGroup group)
    {
        CompletionBatch.Gather();
        try
        {
            if (_failed)
            {
                group.Fail(LogFailure.DiskFailed);
            }
            else
            {
                Apply(group);
            }
        }
        catch (Exception e)
        {
            _failed = true;
            group.Fail(LogFailure.DiskFailed);
            _onFailed(e);
        }
        finally
        {
            CompletionBatch.Dispatch();
        }

        ReturnGroup(group);
    }

    /// <summary>Waits for the next group; null at the end.</summary>
    private CommitGroup? Next()
    {
        lock (_gate)
        {
            _isApplying = false;
            while (_groups.Count == 0)
            {
                if (_completed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            _isApplying = true;
            Monitor.Pulse(_gate);
            return _groups.Dequeue();
        }
    }

    private void Apply(CommitGroup group)
    {
        if (group.Full is { } full)
        {
            full.File.Seal(full.End);
            _onFull(full.File);
        }

        foreach (var entry in group.Entries)
        {
            entry.Apply();
        }

        _publish();
        _onApplied(group.End);
        foreach (var entry in group.Entries)
        {
            entry.Complete();
        }

        group.Mark?.Invoke();
    }
}
