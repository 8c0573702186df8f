using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Partitions;

/// <summary>
/// A fetch that waits until enough bytes were appended to any of its partitions and its <see cref="FetchPace"/> allows an answer. However
/// many appends that takes, it wakes up once.
/// </summary>
internal sealed class FetchWaiter : IDisposable
{
    private const long Unknown = long.MaxValue / 2;

    private readonly TaskCompletionSource _ended = new();
    private readonly TimeProvider _time;
    private readonly long _gathersUntil;
    private readonly ITimer _timer;
    private long _wanted = Unknown;
    private long _plenty = Unknown;
    private bool _gathers;
    private bool _isWoken;

    /// <param name="nextAnswer">The timestamp before which only plenty is answered.</param>
    /// <param name="longest">The client waits no longer.</param>
    public FetchWaiter(long nextAnswer, TimeSpan longest, TimeProvider time)
    {
        _time = time;
        _gathersUntil = Math.Min(nextAnswer, time.GetTimestamp() + (long)(longest.TotalSeconds * time.TimestampFrequency));
        _timer = time.CreateTimer(static waiter => ((FetchWaiter)waiter!).Wake(), this, InMilliseconds(longest), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits; appends since it was made count.</summary>
    /// <param name="wanted">Bytes that are missing to what the client wants at least.</param>
    /// <param name="plenty">Bytes that are missing to plenty.</param>
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

    private void Count(long ofWanted, long ofPlenty)
    {
        var hasPlenty = Interlocked.Add(ref _plenty, -ofPlenty) <= 0;
        if (Interlocked.Add(ref _wanted, -ofWanted) > 0)
        {
            return;
        }

        var now = _time.GetTimestamp();
        if (hasPlenty || now >= _gathersUntil)
        {
            Wake();
        }
        else if (!Interlocked.Exchange(ref _gathers, true))
        {
            // Only for the last ones before a pause: an append after that moment wakes the fetch before the timer does.
            _timer.Change(InMilliseconds(_time.GetElapsedTime(now, _gathersUntil)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Timers count whole milliseconds; a shorter wait would be none.</summary>
    private static TimeSpan InMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
}
