using System.Diagnostics.Metrics;

namespace CloudTicks.CentralHub.Client;

/// <summary>Metrics of a followed document. The meter is <c>CloudTicks.CentralHub</c>.</summary>
internal sealed class CentralHubMetrics : IDisposable
{
    public const string MeterName = "CloudTicks.CentralHub";

    private readonly Meter _meter;
    private readonly Counter<long> _applied;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _announced;
    private int _version = -1;

    public CentralHubMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _applied = _meter.CreateCounter<long>("cloudticks.config.applied", "{document}", "Versions of the document that took effect");
        _refused = _meter.CreateCounter<long>(
            "cloudticks.config.refused", "{document}", "Versions that this process refused, keeping the previous one in force");
        _failures = _meter.CreateCounter<long>("cloudticks.config.failures", "{call}", "Calls that failed, by purpose and kind of failure");
        _announced =
            _meter.CreateCounter<long>("cloudticks.config.announced", "{message}", "Change announcements received over NATS");
        _meter.CreateObservableGauge(
            "cloudticks.config.version",
            () => Volatile.Read(ref _version) is >= 0 and var version ? [new Measurement<int>(version)] : Array.Empty<Measurement<int>>(),
            "{version}", "The version in force");
    }

    public void Applied(int version)
    {
        _applied.Add(1);
        Volatile.Write(ref _version, version);
    }

    public void Refused() => _refused.Add(1);

    /// <param name="call"><c>read</c>, <c>report</c> or <c>file</c>.</param>
    /// <param name="kind">The <see cref="HubException.Kind"/>.</param>
    public void Failed(string call, string kind) => _failures.Add(1, new("call", call), new KeyValuePair<string, object?>("kind", kind));

    public void Announced() => _announced.Add(1);

    public void Dispose() => _meter.Dispose();
}
