using System.Runtime;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Returns memory to the operating system after clients have released much of it: without allocations, the runtime would not collect
/// garbage.
/// </summary>
/// <remarks>
/// The budgets are checked when the timer fires, because an early collection would find arrays still in use. The collection compacts large
/// arrays, because a single array would otherwise keep its whole heap region of 32 MB in use.
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

    /// <param name="collect">Collects garbage; null for the default.</param>
    public MemoryReturn(TimeProvider time, Action? collect = null)
    {
        (_time, _collect) = (time, collect ?? CollectAll);
        _timer = time.CreateTimer(
            static instance => ((MemoryReturn)instance!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds a budget to check.</summary>
    public void Watch(MemoryBudget budget) => _budgets.Add(budget);

    /// <summary>
    /// Schedules a collection. The delay gives connections time to close completely, and a minimum interval limits the frequency.
    /// </summary>
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

        // If clients use the memory again, their next release schedules another collection.
        var isDrained = false;
        foreach (var budget in _budgets)
        {
            isDrained |= budget.TryResetPeak();
        }

        if (!isDrained)
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
