using System.Collections.Concurrent;
using CloudTicks.Foundations;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Schedules the retries of gaps that could not be filled. The pauses double, from 15 s up to 30 min. A fetch that restores too few ticks
/// is called short.
/// </summary>
internal sealed class GapRetries(TimeProvider time)
{
    private static readonly Backoff PauseBackoff = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(30));

    private readonly ConcurrentDictionary<Guid, Attempts> _attempts = [];

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsDue(Guid gap) => !_attempts.TryGetValue(gap, out var attempts) || attempts.NotBeforeMs <= NowMs;

    public bool IsPostponed(Guid gap) => _attempts.ContainsKey(gap);

    public int ShortFetches(Guid gap) => _attempts.TryGetValue(gap, out var attempts) ? attempts.ShortFetches : 0;

    /// <returns>The number of short fetches, or of failed fetches since the last short one, and the pause.</returns>
    public (int Times, TimeSpan Pause) Postpone(Guid gap, bool isShort, TimeSpan? minPause = null)
    {
        var previous = _attempts.GetValueOrDefault(gap);
        var times = 1 + (isShort ? previous.ShortFetches : previous.FailedFetches);
        var pause = PauseBackoff.After(times);
        pause = minPause > pause ? minPause.Value : pause;
        var notBeforeMs = NowMs + (long)pause.TotalMilliseconds;
        // A short fetch means that the server responds: the next failure starts with the shortest pause.
        _attempts[gap] = isShort ? new Attempts(times, 0, notBeforeMs) : previous with { FailedFetches = times, NotBeforeMs = notBeforeMs };
        return (times, pause);
    }

    public void Forget(Guid gap) => _attempts.TryRemove(gap, out _);

    private readonly record struct Attempts(int ShortFetches, int FailedFetches, long NotBeforeMs);
}
