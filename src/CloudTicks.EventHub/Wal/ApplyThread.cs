using System.Collections.Concurrent;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Fills segments from the flushed log, moves high watermarks and answers, beside the log, which waits when far ahead.</summary>
internal sealed class ApplyThread : IDisposable
{
    private const int WritesAhead = 4;
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromMilliseconds(250);

    // A monitor waits without spinning; a BlockingCollection yields the processor some sixty times before each wait.
    private readonly object _gate = new();
    private readonly Queue<CommitGroup> _groups = new(WritesAhead);
    private readonly ConcurrentBag<CommitGroup> _spare = [];
    private readonly ManualResetEventSlim _stopping = new(false);
    private readonly Action _writeAppended;
    private readonly Action<long> _onApplied;
    private readonly Action<Exception> _onBroken;
    private readonly Thread _thread;
    private bool _completed;

    /// <param name="writeAppended">Fills the segments from the applied batches; after a failure it goes on where it was.</param>
    /// <param name="onApplied">Receives the position up to which everything is applied, before it is answered.</param>
    /// <param name="onBroken">Receives a failure that does not pass.</param>
    public ApplyThread(Action writeAppended, Action<long> onApplied, Action<Exception> onBroken)
    {
        (_writeAppended, _onApplied, _onBroken) = (writeAppended, onApplied, onBroken);
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

    /// <summary>From now on a full disk is not waited for.</summary>
    public void BeginStop() => _stopping.Set();

    /// <summary>Waits until everything handed over is applied.</summary>
    public void Stop()
    {
        BeginStop();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _stopping.Dispose();
    }

    private void Run()
    {
        var broken = false;
        while (Next() is { } group)
        {
            try
            {
                if (broken || !TryApply(group))
                {
                    group.Fail(LogFailure.Broken);
                    broken = true;
                }
            }
            catch (Exception e)
            {
                broken = true;
                group.Fail(LogFailure.Broken);
                _onBroken(e);
            }

            ReturnGroup(group);
        }
    }

    /// <summary>The next group, waited for; null when no more will come.</summary>
    private CommitGroup? Next()
    {
        lock (_gate)
        {
            while (_groups.Count == 0)
            {
                if (_completed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            Monitor.Pulse(_gate);
            return _groups.Dequeue();
        }
    }

    /// <summary>False when the hub stops while the disk is full: the log has the rest, the next start brings it.</summary>
    private bool TryApply(CommitGroup group)
    {
        foreach (var entry in group.Entries)
        {
            entry.Apply();
        }

        while (!TryWriteAppended())
        {
            if (_stopping.Wait(RetryWhenFull))
            {
                return false;
            }
        }

        _onApplied(group.End);
        foreach (var entry in group.Entries)
        {
            entry.Complete();
        }

        group.Mark?.Invoke();
        return true;
    }

    private bool TryWriteAppended()
    {
        try
        {
            _writeAppended();
            return true;
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            return false;
        }
    }
}
