using System.Collections.Concurrent;

namespace CloudTicks.EventHub.Wal;

/// <summary>Shows what the log has flushed, moves high watermarks and answers, beside the log, which waits when far ahead.</summary>
internal sealed class ApplyThread : IDisposable
{
    private const int WritesAhead = 4;

    // A monitor waits without spinning; a BlockingCollection yields the processor some sixty times before each wait.
    private readonly object _gate = new();
    private readonly Queue<CommitGroup> _groups = new(WritesAhead);
    private readonly ConcurrentBag<CommitGroup> _spare = [];
    private readonly Action<LogFile> _onFull;
    private readonly Action _show;
    private readonly Action<long> _onApplied;
    private readonly Action<Exception> _onBroken;
    private readonly Thread _thread;
    private bool _completed;
    private bool _isApplying;
    private bool _broken;

    /// <param name="onFull">Receives each log file that takes no more, when all of it is applied.</param>
    /// <param name="show">Lets readers have the applied batches.</param>
    /// <param name="onApplied">Receives the position up to which everything is applied, before it is answered.</param>
    /// <param name="onBroken">Receives a failure that does not pass.</param>
    public ApplyThread(Action<LogFile> onFull, Action show, Action<long> onApplied, Action<Exception> onBroken)
    {
        (_onFull, _show, _onApplied, _onBroken) = (onFull, show, onApplied, onBroken);
        _thread = new Thread(Run) { Name = "apply", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Log thread: hands over a flushed group; waits when the apply thread is behind.</summary>
    public void Add(CommitGroup group)
    {
        lock (_gate)
        {
            while (_groups.Count == WritesAhead)
            {
                Monitor.Wait(_gate);
            }

            _groups.Enqueue(group);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Log thread, which alone hands groups over: applies one itself where this thread has nothing to do, because waking it up costs
    /// more than a small group; false where it has.
    /// </summary>
    public bool TryApplyHere(CommitGroup group)
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

    /// <summary>Log thread: no more groups will come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.Pulse(_gate);
        }
    }

    public CommitGroup RentGroup() => _spare.TryTake(out var group) ? group : new CommitGroup();

    public void ReturnGroup(CommitGroup group)
    {
        group.Clear();
        _spare.Add(group);
    }

    /// <summary>Waits until everything handed over is applied.</summary>
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
            if (_broken)
            {
                group.Fail(LogFailure.Broken);
            }
            else
            {
                Apply(group);
            }
        }
        catch (Exception e)
        {
            _broken = true;
            group.Fail(LogFailure.Broken);
            _onBroken(e);
        }
        finally
        {
            CompletionBatch.Start();
        }

        ReturnGroup(group);
    }

    /// <summary>The next group, waited for; null when no more will come.</summary>
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

        _show();
        _onApplied(group.End);
        foreach (var entry in group.Entries)
        {
            entry.Complete();
        }

        group.Mark?.Invoke();
    }
}
