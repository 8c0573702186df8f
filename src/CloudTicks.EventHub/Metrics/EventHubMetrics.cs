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
        _recordsIn = meter.CreateCounter<long>("eventhub.records.acknowledged", "{record}", "Records that were made durable.");
        _recordsOut = meter.CreateCounter<long>("eventhub.records.fetched", "{record}", "Records that were sent to readers.");
        _connections = meter.CreateUpDownCounter<long>("eventhub.connections", "{connection}", "Connections that are open.");
        _loginsFailed = meter.CreateCounter<long>(
            "eventhub.logins.failed", "{login}",
            "Connections that did not log in, by reason: password, token, tls, timeout, crowded or protocol.");
        _logBytes = meter.CreateCounter<long>("eventhub.log.written", "By", "Bytes flushed to the write-ahead log.");
        _expired = meter.CreateCounter<long>(
            "eventhub.expired", "By", "Bytes of segments that were deleted because their topic does not keep them longer.");
        _compacted = meter.CreateCounter<long>(
            "eventhub.compacted", "By", "Bytes of records that compaction removed, because newer ones of their keys had replaced them.");
        _scrubbed = meter.CreateCounter<long>("eventhub.scrubbed", "By", "Bytes of segments that the scrub read and checked.");
        _damaged = meter.CreateCounter<long>("eventhub.damaged", "{stretch}", "Stretches of records that were found damaged or lost.");
        _flush = meter.CreateHistogram<double>("eventhub.log.flush.duration", "s", "Time of one flush of the write-ahead log.");
        _request = meter.CreateHistogram<double>("eventhub.request.duration", "s", "Time from reading a request to its answer.");
    }

    public long Now() => _time.GetTimestamp();

    public void Flushed(long began, long bytes)
    {
        _flush.Record(_time.GetElapsedTime(began).TotalSeconds);
        _logBytes.Add(bytes);
    }

    public bool CountsFetched => _recordsOut.Enabled;

    public void Fetched(long records) => _recordsOut.Add(records);

    public void Opened() => _connections.Add(1);

    public void Closed() => _connections.Add(-1);

    public void LoginFailed(string reason) => _loginsFailed.Add(1, new TagList { { "reason", reason } });

    public void Watch(Func<DiskForecast?> disk)
    {
        _meter.CreateObservableGauge(
            "eventhub.disk.free", () => Measure(disk()?.FreeBytes), "By", "Bytes free on the disk of the data folder.");
        _meter.CreateObservableGauge(
            "eventhub.disk.growth", () => Measure(disk()?.BytesPerHour), "By/h", "Bytes that the disk fills up by in an hour.");
        _meter.CreateObservableGauge(
            "eventhub.disk.until_full", () => Measure(disk()?.UntilFull?.TotalHours), "h",
            "Hours until the disk is full at this pace; nothing while it does not fill up.");
    }

    /// <summary>Shows what clients hold in memory.</summary>
    public void Watch(MemoryBudgets memory) => _meter.CreateObservableGauge(
        "eventhub.memory.held",
        () => new[]
        {
            new Measurement<long>(memory.Requests.Used, new KeyValuePair<string, object?>("of", "requests")),
            new Measurement<long>(memory.Fetches.Used, new KeyValuePair<string, object?>("of", "fetches")),
            new Measurement<long>(memory.Answers.Used, new KeyValuePair<string, object?>("of", "answers")),
        },
        "By", "Bytes of large requests and answers in memory, by what they are: requests, fetches or answers.");

    public void Expired(long bytes) => _expired.Add(bytes);

    public void Compacted(long bytes) => _compacted.Add(bytes);

    public void WatchDamage(Func<int> open) => _meter.CreateObservableGauge(
        "eventhub.damage.open", () => (long)open(), "{stretch}", "Stretches of damaged or lost records that are not repaired.");

    public void Scrubbed(long bytes) => _scrubbed.Add(bytes);

    public void Damaged() => _damaged.Add(1);

    public void Received(long bytes) => _bytesIn.Add(bytes);

    public void Sent(ApiKey api, long began, long bytes)
    {
        _bytesOut.Add(bytes);
        if (_request.Enabled)
        {
            _request.Record(_time.GetElapsedTime(began).TotalSeconds, new TagList { { "api", api.ToString() } });
        }
    }

    /// <summary>Says how far groups are behind, whenever somebody looks.</summary>
    public void ObserveLag(Func<IEnumerable<Measurement<long>>> measure) => _meter.CreateObservableGauge(
        "eventhub.group.lag", measure, "{record}", "Records that a group has not committed yet, by group and topic.");

    public void Acknowledged(long records) => _recordsIn.Add(records);

    private static Measurement<T>[] Measure<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
}
