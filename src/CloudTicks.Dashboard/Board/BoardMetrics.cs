using System.Diagnostics.Metrics;
using CloudTicks.Dashboard.Streams;
using CloudTicks.Ticks.Json;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Dashboard.Board;

/// <summary>Meter <c>CloudTicks.Dashboard</c>: the ticks that reach the board.</summary>
internal sealed class BoardMetrics
{
    private long _ticks;
    private long _invalidMessages;
    private long _withoutRow;

    public BoardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(StreamMetrics.MeterName);
        meter.CreateObservableCounter("cloudticks.page.received.ticks", () => Ticks, "{tick}", "Ticks received from NATS");
        meter.CreateObservableCounter(
            "cloudticks.page.refused.messages", () => InvalidMessages, "{message}", "Messages on ticks.> that are not ticks");
        meter.CreateObservableCounter(
            "cloudticks.page.left_out.ticks", () => Volatile.Read(ref _withoutRow), "{tick}",
            "Ticks of symbols without a row");
    }

    public long Ticks => Volatile.Read(ref _ticks);

    public long InvalidMessages => Volatile.Read(ref _invalidMessages);

    /// <summary>The latency from the collector's receipt of a live tick to its arrival here over NATS, by this machine's clock.</summary>
    public LatencyWindow Latency { get; } = new();

    /// <summary>Counts a tick. Not thread-safe: the board calls it under its lock.</summary>
    public void Count(in TickPrices tick, long nowMs)
    {
        Volatile.Write(ref _ticks, _ticks + 1);
        if (tick is { IsLive: true, ReceivedMs: > 0 })
        {
            Latency.Add(nowMs - tick.ReceivedMs, nowMs);
        }
    }

    public long CountInvalidMessage() => Interlocked.Increment(ref _invalidMessages);

    public long CountWithoutRow() => Interlocked.Increment(ref _withoutRow);
}
