namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Gives memory back to the system when clients that held much of it have gone: without allocations, no collection of garbage would come
/// by itself.
/// </summary>
internal sealed class MemoryReturn : IDisposable
{
    private const long WorthwhileBytes = 32 * 1024 * 1024;
    private const int DrainedPart = 4;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long? _collectedAt;

    public MemoryReturn(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(
            static me => ((MemoryReturn)me!).Collect(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether so much more was held than now that the system should have it back.</summary>
    public static bool IsWorthwhile(long peak, long now) => peak >= WorthwhileBytes && now < peak / DrainedPart;

    /// <summary>Collects in a while, when what follows the end of the clients is over too; not again soon.</summary>
    public void Schedule()
    {
        lock (_gate)
        {
            var wait = _collectedAt is { } at ? MinInterval - _time.GetElapsedTime(at) : Delay;
            _timer.Change(wait > Delay ? wait : Delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Collect()
    {
        lock (_gate)
        {
            _collectedAt = _time.GetTimestamp();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
