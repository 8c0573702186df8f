using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// A fetch that waits until enough bytes are appended to its partitions and its <see cref="FetchPace"/> allows a response. It wakes up
/// once, regardless of the number of appends.
/// </summary>
internal sealed class FetchWaiter : IDisposable
{
    private const long Unknown = long.MaxValue / 2;

    private readonly TaskCompletionSource _ended = new();
    private readonly TimeProvider _time;
    private readonly long _delayedUntil;
    private readonly ITimer _timer;
    private long _missing = Unknown;
    private long _missingForLarge = Unknown;
    private bool _isTimed;
    private bool _isWoken;

    /// <param name="nextResponseAt">The timestamp before which only a large response is sent.</param>
    /// <param name="maxWait">The client's maximum wait.</param>
    public FetchWaiter(long nextResponseAt, TimeSpan maxWait, TimeProvider time)
    {
        _time = time;
        _delayedUntil = Math.Min(nextResponseAt, time.GetTimestamp() + (long)(maxWait.TotalSeconds * time.TimestampFrequency));
        _timer = time.CreateTimer(static waiter => ((FetchWaiter)waiter!).Wake(), this, InMilliseconds(maxWait), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for enough bytes, including those appended since the waiter was constructed.</summary>
    /// <param name="missing">Bytes that are still needed to reach the client's minimum.</param>
    /// <param name="missingForLarge">Bytes that are still needed for a large response.</param>
    public async Task WaitAsync(long missing, long missingForLarge, CancellationToken cancellationToken)
    {
        AddBytes(Unknown - missing, Unknown - missingForLarge);
        await using var registration = cancellationToken.UnsafeRegister(
            static waiter => ((FetchWaiter)waiter!).Wake(), this);
        await _ended.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Appended(long bytes) => AddBytes(bytes, bytes);

    public void Wake()
    {
        if (!Interlocked.Exchange(ref _isWoken, true))
        {
            CompletionBatch.Complete(_ended);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void AddBytes(long bytes, long bytesForLarge)
    {
        var hasEnoughForLarge = Interlocked.Add(ref _missingForLarge, -bytesForLarge) <= 0;
        if (Interlocked.Add(ref _missing, -bytes) > 0)
        {
            return;
        }

        var now = _time.GetTimestamp();
        if (hasEnoughForLarge || now >= _delayedUntil)
        {
            Wake();
        }
        else if (!Interlocked.Exchange(ref _isTimed, true))
        {
            // The timer matters only for the last appends before a pause; otherwise a later append wakes the fetch earlier.
            _timer.Change(InMilliseconds(_time.GetElapsedTime(now, _delayedUntil)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Rounds up to whole milliseconds, the resolution of timers.</summary>
    private static TimeSpan InMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
}
