using System.Diagnostics.Metrics;

namespace CloudTicks.Dashboard.Streams;

/// <summary>Meter <c>CloudTicks.Dashboard</c>: the streams to browsers.</summary>
internal sealed class StreamMetrics
{
    public const string MeterName = "CloudTicks.Dashboard";

    private readonly UpDownCounter<int> _open;
    private readonly Counter<long> _refused;

    public StreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _open = meter.CreateUpDownCounter<int>("cloudticks.page.streams", "{stream}", "Streams that browsers have open");
        _refused = meter.CreateCounter<long>(
            "cloudticks.page.refused.streams", "{stream}", "Streams that were refused because too many were open");
    }

    public void Opened() => _open.Add(1);

    public void Closed() => _open.Add(-1);

    public void Refused(string bound) => _refused.Add(1, new KeyValuePair<string, object?>("bound", bound));
}
