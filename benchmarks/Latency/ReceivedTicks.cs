using CloudTicks.Ticks.Json;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>Every tick that a subscriber received: when the collector read it, and its latency.</summary>
internal sealed class ReceivedTicks(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<(long ReceivedMs, int TookMs)> _ticks = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ticks.Count;
            }
        }
    }

    /// <summary>Adds a message if it is a tick. Called on the subscriber's thread.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (TickMessage.TryRead(payload, out var message))
        {
            lock (_gate)
            {
                _ticks.Add((message.ReceivedMs, (int)Math.Max(0, nowMs - message.ReceivedMs)));
            }
        }
    }

    /// <summary>The percentiles of the ticks that the collector read in a time range.</summary>
    public HopPercentiles? Between(long fromMs, long toMs)
    {
        lock (_gate)
        {
            return HopPercentiles.Of(
                HopPercentiles.Nats,
                _ticks.Where(tick => tick.ReceivedMs >= fromMs && tick.ReceivedMs < toMs).GroupBy(tick => tick.TookMs)
                    .Select(group => ((double)group.Key, (long)group.Count())));
        }
    }
}
