using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Liveness;

internal sealed class LivenessMetrics
{
    private readonly Counter<long> _reconnects;

    public LivenessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CollectorMetrics.MeterName);
        _reconnects = meter.CreateCounter<long>(
            "cloudticks.collector.stale.reconnects", "{session}",
            "Sessions restarted because symbols were silent during market hours");
        meter.CreateObservableGauge(
            "cloudticks.collector.stale.channels", () => Stale, "{channel}",
            "Channels that are silent during market hours even on a new session");
    }

    public int Stale { get; set; }

    public void Reconnected(Market market) => _reconnects.Add(1, new KeyValuePair<string, object?>("market", market.Path()));
}
