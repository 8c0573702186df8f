using System.Numerics;

namespace CloudTicks.Ticks.Measures;

/// <summary>
/// Latency histograms of the last few seconds and since the start, with eight buckets per power of two. One thread at a time writes it,
/// with two increments per tick. Any thread may read it; a reading may miss ticks that are being counted.
/// </summary>
public sealed class LatencyWindow
{
    private const int WindowMs = 5_000;
    private const int BucketBits = 3;
    private const int BucketCount = (64 - BucketBits) << BucketBits;

    private readonly Window[] _windows = [new(), new()];
    private readonly long[] _countsSinceStart = new long[BucketCount];

    /// <summary>Counts a tick.</summary>
    /// <param name="latencyMs">The latency in ms. A negative latency, which a wrong clock can cause, counts as 0.</param>
    /// <param name="nowMs">When the tick arrived, Unix ms.</param>
    public void Add(long latencyMs, long nowMs, int ticks = 1)
    {
        var number = nowMs / WindowMs;
        var window = _windows[number & 1];
        if (window.Number != number)
        {
            Array.Clear(window.Counts);
            window.Number = number;
        }

        var bucket = BucketOf(latencyMs);
        window.Counts[bucket] += ticks;
        _countsSinceStart[bucket] += ticks;
    }

    /// <summary>Returns the number of ticks since the start, by latency. Subtract two readings to get the ticks in between.</summary>
    /// <returns>The buckets that have ticks, ascending.</returns>
    public IReadOnlyList<LatencyCount> CountsSinceStart() =>
        [.. Enumerable.Range(0, BucketCount)
            .Select(bucket => new LatencyCount(UpperBound(bucket), Volatile.Read(ref _countsSinceStart[bucket])))
            .Where(count => count.Ticks > 0)];

    /// <summary>Returns a percentile of the latencies of the last 5 to 10 seconds.</summary>
    /// <param name="share">The percentile as a fraction, 0 to 1.</param>
    /// <param name="nowMs">Unix ms.</param>
    /// <returns>In ms, at most an eighth too high; null when no tick arrived.</returns>
    public double? Percentile(double share, long nowMs)
    {
        var currentNumber = nowMs / WindowMs;
        var counts = new long[BucketCount];
        foreach (var window in _windows)
        {
            if (window.Number >= currentNumber - 1)
            {
                for (var bucket = 0; bucket < BucketCount; bucket++)
                {
                    counts[bucket] += Volatile.Read(ref window.Counts[bucket]);
                }
            }
        }

        var total = counts.Sum();
        var remaining = Math.Max(1, (long)Math.Ceiling(total * share));
        for (var bucket = 0; bucket < BucketCount && total > 0; bucket++)
        {
            remaining -= counts[bucket];
            if (remaining <= 0)
            {
                return UpperBound(bucket);
            }
        }

        return null;
    }

    /// <summary>Returns the bucket of a latency. Each latency up to 15 ms has its own bucket; above, each power of two has eight.</summary>
    private static int BucketOf(long latencyMs)
    {
        var value = (ulong)Math.Max(latencyMs, 0);
        var power = Math.Max(0, BitOperations.Log2(value | 1) - BucketBits);
        return (power << BucketBits) + (int)(value >> power);
    }

    private static double UpperBound(int bucket)
    {
        var power = Math.Max(0, (bucket >> BucketBits) - 1);
        return Math.Pow(2, power) * (bucket - (power << BucketBits) + 1) - 1;
    }

    private sealed class Window
    {
        private long _number = -2;

        public int[] Counts { get; } = new int[BucketCount];

        public long Number
        {
            get => Volatile.Read(ref _number);
            set => Volatile.Write(ref _number, value);
        }
    }
}
