namespace CloudTicks.Ticks.Measures;

/// <summary>The rate of a counter over the last few seconds. If the counter falls, it was reset, and a new measurement begins.</summary>
public sealed class RateMeter(TimeProvider time)
{
    // Long enough to even out the bursts in which batches are committed.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3.5);

    private readonly Queue<(long Count, long When)> _samples = new();

    /// <summary>Adds a reading of the counter.</summary>
    /// <returns>Its increase per second; 0 before the second reading.</returns>
    public double Read(long count)
    {
        var now = time.GetTimestamp();
        if (_samples.Count > 0 && count < _samples.Last().Count)
        {
            _samples.Clear();
        }

        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().When, now) > Window)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((count, now));
        var (first, since) = _samples.Peek();
        var seconds = time.GetElapsedTime(since, now).TotalSeconds;
        return seconds > 0 ? (count - first) / seconds : 0;
    }
}
