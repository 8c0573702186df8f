using System.Diagnostics.Metrics;
using CloudTicks.Dashboard.Streams;

namespace CloudTicks.Dashboard.Relay;

/// <summary>Meter <c>CloudTicks.Dashboard</c>: the page's requests to the functions, forwarded or refused.</summary>
internal sealed class RelayMetrics
{
    private readonly Counter<long> _forwarded;
    private readonly Counter<long> _refused;

    public RelayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(StreamMetrics.MeterName);
        _forwarded = meter.CreateCounter<long>(
            "cloudticks.page.relayed.requests", "{request}", "Requests of the page that the functions answered, by status");
        _refused = meter.CreateCounter<long>(
            "cloudticks.page.refused.requests", "{request}", "Requests of the page that were not forwarded, by reason");
    }

    public void Forwarded(int status) => _forwarded.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
