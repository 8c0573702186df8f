using System.Runtime.InteropServices;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Threads for work that needs much CPU time: receiving, verifying and reading megabytes. They are few and have a low priority, so that a
/// heartbeat does not wait behind a large request.
/// </summary>
internal sealed partial class HeavyWork : TaskScheduler, IDisposable
{
    /// <summary>The number of bytes above which work runs on these threads.</summary>
    public const int ThresholdBytes = 1024 * 1024;

    private const int OwnThread = 0;
    private const int LowPriority = 10;

    [ThreadStatic]
    private static HeavyWork? _current;

    // A monitor waits without spinning, unlike Lock.
    private readonly object _gate = new();
    private readonly Queue<Task> _waitingTasks = [];
    private bool _isEnded;

    public HeavyWork()
    {
        for (var i = 0; i < MaximumConcurrencyLevel; i++)
        {
            new Thread(Run) { Name = "heavy work", IsBackground = true }.Start();
        }
    }

    public override int MaximumConcurrencyLevel { get; } = Math.Max(Environment.ProcessorCount / 2, 1);

    /// <summary>Runs work on these threads, including its continuations.</summary>
    /// <returns>A task that completes at the work's first await or end, with the return value of <paramref name="work"/>.</returns>
    public Task<T> StartAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this);

    /// <summary>Signals the threads to end after the queued work; does not wait for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _waitingTasks.Enqueue(task);
                Monitor.Pulse(_gate);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(task => TryExecuteTask(task), task, preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _waitingTasks];
        }
    }

    private void Run()
    {
        _current = this;
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(0, OwnThread, LowPriority); // for this thread only; if it fails, the normal priority is kept
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }

        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    private Task? Next()
    {
        lock (_gate)
        {
            while (_waitingTasks.Count == 0)
            {
                if (_isEnded)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            return _waitingTasks.Dequeue();
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
