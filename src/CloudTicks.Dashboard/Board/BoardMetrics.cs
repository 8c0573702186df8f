using System.Diagnostics.Metrics;
using CloudTicks.Dashboard.Streams;
using CloudTicks.Ticks.Json;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Dashboard.Board;

/// <summary>Meter <c>CloudTicks.Dashboard</c>: the ticks that come to the board.</summary>
internal sealed class BoardMetrics
{
    private long _ticks;
    private long _noTicks;
    private long _withoutRow;

    public BoardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(StreamMetrics.MeterName);
        meter.CreateObservableCounter("cloudticks.page.received.ticks", () => Ticks, "{tick}", "Ticks that came from NATS");
        meter.CreateObservableCounter(
            "cloudticks.page.refused.messages", () => NoTicks, "{message}", "Messages on ticks.> that are no tick");
        meter.CreateObservableCounter(
            "cloudticks.page.left_out.ticks", () => Volatile.Read(ref _withoutRow), "{tick}",
            "Ticks of symbols that the board has no row for");
    }

    public long Ticks => Volatile.Read(ref _ticks);

    public long NoTicks => Volatile.Read(ref _noTicks);

    /// <summary>From receiving a tick to its coming here by NATS, by this machine's clock, of ticks that came as they happened.</summary>
    public LatencyWindow Latency { get; } = new();

    /// <summary>Counts a tick. The board calls it for one tick after the other.</summary>
    public void Count(in TickPrices tick, long nowMs)
    {
        Volatile.Write(ref _ticks, _ticks + 1);
        if (tick is { IsLive: true, ReceivedMs: > 0 })
        {
            Latency.Add(nowMs - tick.ReceivedMs, nowMs);
        }
    }

    public long CountNoTick() => Interlocked.Increment(ref _noTicks);

    public long CountWithoutRow() => Interlocked.Increment(ref _withoutRow);
}
