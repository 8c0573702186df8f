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
    private long _wanted = Unknown;
    private long _plenty = Unknown;
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

    /// <summary>Waits for enough bytes; appends since the construction of the waiter count.</summary>
    /// <param name="wanted">Bytes that are still needed to reach the client's minimum.</param>
    /// <param name="plenty">Bytes that are still needed for a large response.</param>
    public async Task WaitAsync(long wanted, long plenty, CancellationToken cancellationToken)
    {
        Count(Unknown - wanted, Unknown - plenty);
        await using var registration = cancellationToken.UnsafeRegister(
            static waiter => ((FetchWaiter)waiter!).Wake(), this);
        await _ended.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Appended(long bytes) => Count(bytes, bytes);

    public void Wake()
    {
        if (!Interlocked.Exchange(ref _isWoken, true))
        {
            CompletionBatch.End(_ended);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Count(long wantedBytes, long plentyBytes)
    {
        var hasPlenty = Interlocked.Add(ref _plenty, -plentyBytes) <= 0;
        if (Interlocked.Add(ref _wanted, -wantedBytes) > 0)
        {
            return;
        }

        var now = _time.GetTimestamp();
        if (hasPlenty || now >= _delayedUntil)
        {
            Wake();
        }
        else if (!Interlocked.Exchange(ref _isTimed, true))
        {
            // Needed only for the last appends before a pause: a later append wakes the fetch before the timer.
            _timer.Change(InMilliseconds(_time.GetElapsedTime(now, _delayedUntil)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Rounds up to whole milliseconds, the resolution of timers.</summary>
    private static TimeSpan InMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
}
