namespace ServiceDefaults.Threads;

/// <summary>Sets the width of this process's thread pool, on a thread of its own: the pool's may be held up.</summary>
internal sealed class PoolWidthWatch : IDisposable
{
    /// <summary>Also about how long work waits behind one that holds the only thread up; the pool adds one by then, too.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly ManualResetEventSlim _stopped = new();
    private readonly PoolWidth _width = new(Environment.ProcessorCount);
    private readonly TimeProvider _time;
    private readonly Thread _thread;

    private PoolWidthWatch(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run) { IsBackground = true, Name = "thread pool width" };
        _thread.Start();
    }

    /// <returns>Null with one processor, where the width is always 1.</returns>
    public static PoolWidthWatch? Start(TimeProvider time) => Environment.ProcessorCount > 1 ? new PoolWidthWatch(time) : null;

    public void Dispose()
    {
        _stopped.Set();
        _thread.Join();
        _stopped.Dispose();
    }

    private void Run()
    {
        var start = _time.GetTimestamp();
        var (at, used, done) = (TimeSpan.Zero, Environment.CpuUsage.TotalTime, 0L);
        while (!_stopped.Wait(PollInterval))
        {
            var now = _time.GetElapsedTime(start);
            var (usedNow, doneNow) = (Environment.CpuUsage.TotalTime, ThreadPool.CompletedWorkItemCount);
            _width.Measured(now, (usedNow - used) / (now - at), doneNow == done && ThreadPool.PendingWorkItemCount > 0);
            (at, used, done) = (now, usedNow, doneNow);
            Apply(_width.Threads);
        }
    }

    /// <summary>The pool widens and narrows itself as well, so it is told each time.</summary>
    private static void Apply(int threads)
    {
        ThreadPool.GetMinThreads(out var min, out var ports);
        if (min != threads)
        {
            ThreadPool.SetMinThreads(threads, ports);
        }

        if (threads > 1)
        {
            return;
        }

        // Only a maximum narrows a pool that has become wider.
        ThreadPool.GetMaxThreads(out var max, out var maxPorts);
        ThreadPool.SetMaxThreads(threads, maxPorts);
        ThreadPool.SetMaxThreads(max, maxPorts);
    }
}
