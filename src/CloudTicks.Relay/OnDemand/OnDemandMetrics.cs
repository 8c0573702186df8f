using System.Diagnostics.Metrics;

namespace CloudTicks.Relay.OnDemand;

/// <summary>Counts the relay's changes to the collectors' document, in the meter <c>CloudTicks.Relay</c>.</summary>
internal sealed class OnDemandMetrics
{
    private readonly Counter<long> _added;
    private readonly Counter<long> _removed;
    private readonly Counter<long> _refused;

    public OnDemandMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Relay");
        _added = meter.CreateCounter<long>(
            "cloudticks.relay.added.symbols", "{symbol}", "Symbols that were added to the collectors' document for a subscriber");
        _removed = meter.CreateCounter<long>(
            "cloudticks.relay.removed.symbols", "{symbol}", "Added symbols that were removed after a time without subscribers");
        _refused = meter.CreateCounter<long>(
            "cloudticks.relay.refused.additions", "{request}", "Requests to add symbols that the central hub refused or did not answer");
    }

    public void Added(int symbols) => _added.Add(symbols);

    public void Removed(int symbols) => _removed.Add(symbols);

    public void Refused() => _refused.Add(1);
}
