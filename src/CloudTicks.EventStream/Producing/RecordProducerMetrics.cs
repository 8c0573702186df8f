using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CloudTicks.EventStream.Producing;

/// <summary>Counts sent records after the event hub's acknowledgement.</summary>
public sealed class RecordProducerMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CloudTicks.EventStream";

    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _failed;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _throttled;
    private readonly Counter<double> _throttledTime;

    /// <summary>Creates the instruments.</summary>
    public RecordProducerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _records = meter.CreateCounter<long>("cloudticks.stream.sent.records", "{record}", "Records that the event hub acknowledged");
        _bytes = meter.CreateCounter<long>("cloudticks.stream.sent.bytes", "By", "Bytes of the records that the event hub acknowledged");
        _failed = meter.CreateCounter<long>("cloudticks.stream.failed.records", "{record}", "Records that the event hub refused");
        _throttled = meter.CreateCounter<long>(
            "cloudticks.stream.throttled", "{answer}",
            "Responses with which the event hub throttled the producer");
        _throttledTime = meter.CreateCounter<double>("cloudticks.stream.throttled.time", "s", "Delay of the throttled responses");
        _duration =
            meter.CreateHistogram<double>("cloudticks.stream.sent.duration", "s", "Time from sending a record to its acknowledgement");
    }

    internal void Sent(string topic, int bytes, TimeSpan duration)
    {
        var tags = new TagList { { "topic", topic } };
        _records.Add(1, tags);
        _bytes.Add(bytes, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    internal void Failed(string topic) => _failed.Add(1, new TagList { { "topic", topic } });

    internal void Throttled(long responses, TimeSpan time)
    {
        _throttled.Add(responses);
        _throttledTime.Add(time.TotalSeconds);
    }
}
