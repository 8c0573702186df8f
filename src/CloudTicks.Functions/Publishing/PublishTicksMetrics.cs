using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Publishing;

/// <summary>Meter <c>CloudTicks.Functions</c>: the ticks that PublishTicks published, and the records that it skipped.</summary>
public sealed class PublishTicksMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _gaps;
    private long _publishedTotal;

    /// <summary>Creates the instruments.</summary>
    public PublishTicksMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Functions");
        _published = meter.CreateCounter<long>("cloudticks.publish.ticks", "{tick}", "Ticks that NATS has confirmed");
        _unreadable =
            meter.CreateCounter<long>("cloudticks.publish.unreadable", "{record}", "Records that could not be read and were skipped");
        _gaps = meter.CreateCounter<long>("cloudticks.publish.gaps", "{record}", "Gap records, which are not published");
    }

    /// <summary>The number of ticks that NATS has confirmed since the process started.</summary>
    public long PublishedTicks => Volatile.Read(ref _publishedTotal);

    internal void Published(long ticks)
    {
        _published.Add(ticks);
        Interlocked.Add(ref _publishedTotal, ticks);
    }

    internal void Unreadable() => _unreadable.Add(1);

    internal void GapSkipped() => _gaps.Add(1);
}
