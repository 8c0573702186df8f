using System.Diagnostics.Metrics;

namespace CloudTicks.Collection.Redis;

internal sealed class RedisMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _dropped;
    private long _publishedTicks;
    private long _droppedTicks;

    public RedisMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorMetrics.MeterName);
        _published = meter.CreateCounter<long>("cloudticks.redis.published.ticks", "{tick}", "Ticks published on Redis");
        _dropped = meter.CreateCounter<long>(
            "cloudticks.redis.dropped.ticks", "{tick}", "Ticks not published on Redis because it was unavailable or too slow");
    }

    public long PublishedTicks => Volatile.Read(ref _publishedTicks);

    public long DroppedTicks => Volatile.Read(ref _droppedTicks);

    public void Published(long ticks)
    {
        _published.Add(ticks);
        Interlocked.Add(ref _publishedTicks, ticks);
    }

    public void Dropped(long ticks, string reason)
    {
        _dropped.Add(ticks, new KeyValuePair<string, object?>("reason", reason));
        Interlocked.Add(ref _droppedTicks, ticks);
    }
}
