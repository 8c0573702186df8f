using System.Diagnostics.Metrics;

namespace CloudTicks.Lake;

/// <summary>Meter <c>CloudTicks.Lake</c>: written and skipped ticks, merged files, the duration of rounds, and the lag.</summary>
internal sealed class LakeMetrics
{
    private readonly Counter<long> _ticks;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _merged;
    private readonly Histogram<double> _roundDuration;
    private long? _lag;

    public LakeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Lake");
        _ticks = meter.CreateCounter<long>("cloudticks.lake.ticks", "{tick}", "Ticks written to the lake");
        _unreadable = meter.CreateCounter<long>(
            "cloudticks.lake.unreadable", "{record}", "Records of the archive that could not be read and were skipped");
        _refused = meter.CreateCounter<long>("cloudticks.lake.refused", "{tick}", "Ticks that were skipped because no feed sends them");
        _merged = meter.CreateCounter<long>("cloudticks.lake.merged", "{file}", "Files that were merged into others");
        _roundDuration = meter.CreateHistogram<double>("cloudticks.lake.round", "s", "Duration of a round of writing to the lake");
        meter.CreateObservableGauge(
            "cloudticks.lake.lag", () => _lag is { } lag ? [new Measurement<long>(lag)] : Array.Empty<Measurement<long>>(), "{record}",
            "Records of the archive that are not in the lake yet");
    }

    /// <summary>Sets the number of archive records that are not in the lake; null while unknown.</summary>
    public void SetLag(long? records) => _lag = records;

    public void Written(long ticks, long unreadable, long refused, TimeSpan duration)
    {
        _ticks.Add(ticks);
        _unreadable.Add(unreadable);
        _refused.Add(refused);
        _roundDuration.Record(duration.TotalSeconds);
    }

    public void Merged(int files) => _merged.Add(files);
}
