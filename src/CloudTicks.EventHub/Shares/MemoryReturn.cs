using System.Runtime;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Gives memory back to the system when clients that held much of it have gone: without allocations, no collection of garbage would come
/// by itself.
/// </summary>
/// <remarks>
/// Whether they have gone is asked at the moment of the collection: one that comes too early finds arrays that are still in use, and a
/// single one would keep the 32 MB around it from the system if large arrays were not moved together too.
/// </remarks>
internal sealed class MemoryReturn : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private readonly List<MemoryBudget> _budgets = [];
    private readonly Lock _gate = new();
    private bool _isScheduled;
    private long? _collectedAt;

    /// <param name="collect">Collects garbage; null for the runtime's own way.</param>
    public MemoryReturn(TimeProvider time, Action? collect = null)
    {
        (_time, _collect) = (time, collect ?? CollectAll);
        _timer = time.CreateTimer(
            static me => ((MemoryReturn)me!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A budget whose clients are waited for.</summary>
    public void Watch(MemoryBudget budget) => _budgets.Add(budget);

    /// <summary>Collects in a while, when what follows the end of the clients is over too; not again soon.</summary>
    public void Schedule()
    {
        lock (_gate)
        {
            if (!_isScheduled)
            {
                var wait = _collectedAt is { } at ? MinInterval - _time.GetElapsedTime(at) : Delay;
                _isScheduled = _timer.Change(wait > Delay ? wait : Delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static void CollectAll()
    {
        // A closed socket's operations hold the last array they sent until they are finalized.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void Check()
    {
        lock (_gate)
        {
            _isScheduled = false;
        }

        // If they have come back, the next bytes that are given back schedule it again.
        var haveGone = false;
        foreach (var budget in _budgets)
        {
            haveGone |= budget.TryDrain();
        }

        if (!haveGone)
        {
            return;
        }

        lock (_gate)
        {
            _collectedAt = _time.GetTimestamp();
        }

        _collect();
    }
}
