using System.Diagnostics;
using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Metrics;

internal sealed class EventHubMetrics
{
    public const string MeterName = "CloudTicks.EventHub";

    private readonly TimeProvider _time;
    private readonly Counter<long> _bytesIn;
    private readonly Counter<long> _bytesOut;
    private readonly Counter<long> _recordsIn;
    private readonly Counter<long> _recordsOut;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _loginsFailed;
    private readonly Counter<long> _logBytes;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _compacted;
    private readonly Counter<long> _scrubbed;
    private readonly Counter<long> _damaged;
    private readonly Histogram<double> _flush;
    private readonly Histogram<double> _request;
    private readonly Meter _meter;

    public EventHubMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = _meter = meters.Create(MeterName);
        _bytesIn = meter.CreateCounter<long>("eventhub.received", "By", "Bytes of requests read.");
        _bytesOut = meter.CreateCounter<long>("eventhub.sent", "By", "Bytes of responses sent.");
        _recordsIn = meter.CreateCounter<long>("eventhub.records.acknowledged", "{record}", "Records acknowledged after the flush.");
        _recordsOut = meter.CreateCounter<long>("eventhub.records.fetched", "{record}", "Records sent to consumers.");
        _connections = meter.CreateUpDownCounter<long>("eventhub.connections", "{connection}", "Open connections.");
        _loginsFailed = meter.CreateCounter<long>(
            "eventhub.logins.failed", "{login}",
            "Failed logins, by reason: password, token, tls, timeout, crowded or protocol.");
        _logBytes = meter.CreateCounter<long>("eventhub.log.written", "By", "Bytes flushed to the write-ahead log.");
        _expired = meter.CreateCounter<long>(
            "eventhub.expired", "By", "Bytes of segments deleted by retention.");
        _compacted = meter.CreateCounter<long>(
            "eventhub.compacted", "By", "Bytes of superseded records removed by compaction.");
        _scrubbed = meter.CreateCounter<long>("eventhub.scrubbed", "By", "Bytes of segments verified by the scrub.");
        _damaged = meter.CreateCounter<long>("eventhub.damaged", "{stretch}", "Ranges of records found damaged or lost.");
        _flush = meter.CreateHistogram<double>("eventhub.log.flush.duration", "s", "Duration of a flush of the write-ahead log.");
        _request = meter.CreateHistogram<double>("eventhub.request.duration", "s", "Time from reading a request to sending its response.");
    }

    public long Now() => _time.GetTimestamp();

    public void Flushed(long startedAt, long bytes)
    {
        _flush.Record(_time.GetElapsedTime(startedAt).TotalSeconds);
        _logBytes.Add(bytes);
    }

    public bool IsFetchedEnabled => _recordsOut.Enabled;

    public void Fetched(long records) => _recordsOut.Add(records);

    public void Opened() => _connections.Add(1);

    public void Closed() => _connections.Add(-1);

    public void LoginFailed(string reason) => _loginsFailed.Add(1, new TagList { { "reason", reason } });

    public void Watch(Func<DiskForecast?> disk)
    {
        _meter.CreateObservableGauge(
            "eventhub.disk.free", () => Measure(disk()?.FreeBytes), "By", "Free bytes on the disk of the data folder.");
        _meter.CreateObservableGauge(
            "eventhub.disk.growth", () => Measure(disk()?.BytesPerHour), "By/h", "Bytes written to the disk per hour.");
        _meter.CreateObservableGauge(
            "eventhub.disk.until_full", () => Measure(disk()?.UntilFull?.TotalHours), "h",
            "Hours until the disk is full at the present rate; absent while it does not fill up.");
    }

    /// <summary>Reports the memory of requests and responses.</summary>
    public void Watch(MemoryBudgets memory) => _meter.CreateObservableGauge(
        "eventhub.memory.held",
        () => new[]
        {
            new Measurement<long>(memory.Requests.Used, new KeyValuePair<string, object?>("of", "requests")),
            new Measurement<long>(memory.Fetches.Used, new KeyValuePair<string, object?>("of", "fetches")),
            new Measurement<long>(memory.Responses.Used, new KeyValuePair<string, object?>("of", "answers")),
        },
        "By", "Bytes in memory, by kind: large requests, fetched records (fetches) and other large responses (answers).");

    public void Expired(long bytes) => _expired.Add(bytes);

    public void Compacted(long bytes) => _compacted.Add(bytes);

    public void WatchDamage(Func<int> open) => _meter.CreateObservableGauge(
        "eventhub.damage.open", () => (long)open(), "{stretch}", "Ranges of damaged or lost records that are not resolved.");

    public void Scrubbed(long bytes) => _scrubbed.Add(bytes);

    public void Damaged() => _damaged.Add(1);

    public void Received(long bytes) => _bytesIn.Add(bytes);

    public void Sent(ApiKey api, long startedAt, long bytes)
    {
        _bytesOut.Add(bytes);
        if (_request.Enabled)
        {
            _request.Record(_time.GetElapsedTime(startedAt).TotalSeconds, new TagList { { "api", api.ToString() } });
        }
    }

    /// <summary>Reports the lag of groups, measured on each collection.</summary>
    public void ObserveLag(Func<IEnumerable<Measurement<long>>> measure) => _meter.CreateObservableGauge(
        "eventhub.group.lag", measure, "{record}", "Records that a group has not committed, by group and topic.");

    public void Acknowledged(long records) => _recordsIn.Add(records);

    private static Measurement<T>[] Measure<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
}
