using System.Numerics;

namespace CloudTicks.Ticks.Measures;

/// <summary>
/// How long ticks took from one place to another, of the last seconds and since the start: counts in steps of an eighth of a power of two.
/// Written by one thread at a time, for two increments a tick; read by anyone, at the cost of some ticks that are counted meanwhile.
/// </summary>
public sealed class LatencyWindow
{
    private const int WindowMs = 5_000;
    private const int StepBits = 3;
    private const int Steps = (64 - StepBits) << StepBits;

    private readonly Window[] _windows = [new(), new()];
    private readonly long[] _sinceStart = new long[Steps];

    /// <summary>Counts a tick.</summary>
    /// <param name="latencyMs">How long it took; what comes from a clock that is ahead is not early, but at once.</param>
    /// <param name="nowMs">When it came, Unix ms.</param>
    public void Add(long latencyMs, long nowMs, int ticks = 1)
    {
        var number = nowMs / WindowMs;
        var window = _windows[number & 1];
        if (window.Number != number)
        {
            Array.Clear(window.Counts);
            window.Number = number;
        }

        var step = StepOf(latencyMs);
        window.Counts[step] += ticks;
        _sinceStart[step] += ticks;
    }

    /// <summary>All ticks since the start, by their latency. Two readings tell of the ticks between them.</summary>
    /// <returns>The steps that have ticks, ascending.</returns>
    public IReadOnlyList<LatencyCount> SinceStart() =>
        [.. Enumerable.Range(0, Steps)
            .Select(step => new LatencyCount(Largest(step), Volatile.Read(ref _sinceStart[step]))).Where(step => step.Ticks > 0)];

    /// <summary>The percentile of the last 5 to 10 seconds.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="nowMs">Unix ms.</param>
    /// <returns>In ms, at most an eighth too much; null when no tick came.</returns>
    public double? Percentile(double share, long nowMs)
    {
        var now = nowMs / WindowMs;
        var counts = new long[Steps];
        foreach (var window in _windows)
        {
            if (window.Number >= now - 1)
            {
                for (var step = 0; step < Steps; step++)
                {
                    counts[step] += Volatile.Read(ref window.Counts[step]);
                }
            }
        }

        var total = counts.Sum();
        var wanted = Math.Max(1, (long)Math.Ceiling(total * share));
        for (var step = 0; step < Steps && total > 0; step++)
        {
            wanted -= counts[step];
            if (wanted <= 0)
            {
                return Largest(step);
            }
        }

        return null;
    }

    /// <summary>Up to 15 ms each has its own step; from there on eight make a power of two.</summary>
    private static int StepOf(long latencyMs)
    {
        var value = (ulong)Math.Max(latencyMs, 0);
        var power = Math.Max(0, BitOperations.Log2(value | 1) - StepBits);
        return (power << StepBits) + (int)(value >> power);
    }

    private static double Largest(int step)
    {
        var power = Math.Max(0, (step >> StepBits) - 1);
        return Math.Pow(2, power) * (step - (power << StepBits) + 1) - 1;
    }

    private sealed class Window
    {
        private long _number = -2;

        public int[] Counts { get; } = new int[Steps];

        public long Number
        {
            get => Volatile.Read(ref _number);
            set => Volatile.Write(ref _number, value);
        }
    }
}
