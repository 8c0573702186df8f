namespace CloudTicks.Ticks.Measures;

/// <summary>The rate of a counter over the last few seconds. A counter that falls has been reset; it starts a new measurement.</summary>
public sealed class RateMeter(TimeProvider time)
{
    // Batches are committed in bursts, which even out over three seconds.
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
