using System.Diagnostics.Metrics;

namespace CloudTicks.Collection.DbServer;

internal sealed class DbServerMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _retried;
    private long _refusedTicks;

    public DbServerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorMetrics.MeterName);
        _sent = meter.CreateCounter<long>("cloudticks.db_server.sent.ticks", "{tick}", "Ticks that the server saved");
        _refused = meter.CreateCounter<long>(
            "cloudticks.db_server.refused.ticks", "{tick}", "Ticks that the server refused permanently, by HTTP status");
        _retried =
            meter.CreateCounter<long>("cloudticks.db_server.failed.attempts", "{request}", "Requests that failed and were retried");
    }

    public long RefusedTicks => Volatile.Read(ref _refusedTicks);

    public void Sent(int ticks) => _sent.Add(ticks);

    public void Retried() => _retried.Add(1);

    public void Refused(int ticks, int status)
    {
        _refused.Add(ticks, new KeyValuePair<string, object?>("status", status));
        Interlocked.Add(ref _refusedTicks, ticks);
    }
}
