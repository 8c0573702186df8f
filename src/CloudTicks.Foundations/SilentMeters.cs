using System.Diagnostics.Metrics;

namespace CloudTicks.Foundations;

/// <summary>Meters that no exporter reads, for warm-up work that must not be counted.</summary>
public sealed class SilentMeters : IMeterFactory
{
    private const string Name = "Rehearsal";

    private readonly Meter _meter = new(Name);

    /// <inheritdoc/>
    public Meter Create(MeterOptions options) => _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
