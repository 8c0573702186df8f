using System.Diagnostics.Metrics;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Counts ticks read from the archive, in the meter <c>CloudTicks.Relay</c>. The counters of the tick path are plain fields, which are read
/// only at export.
/// </summary>
internal sealed class ArchiveMetrics
{
    private readonly long[] _refused = new long[Enum.GetValues<ArchiveFaultKind>().Length];
    private long _ticks;
    private long _repeats;
    private long _historyTicks;

    public ArchiveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Relay");
        meter.CreateObservableCounter(
            "cloudticks.relay.archive.ticks", () => Volatile.Read(ref _ticks), "{tick}", "Ticks read from the archive's end");
        meter.CreateObservableCounter(
            "cloudticks.relay.archive.repeated.ticks", () => Volatile.Read(ref _repeats), "{tick}",
            "Repeated ticks at the archive's end, which were skipped");
        meter.CreateObservableCounter(
            "cloudticks.relay.archive.refused", MeasureRefused, "{fault}",
            "Unreadable records, and ticks of a market and kind that no feed can send, by fault");
        meter.CreateObservableGauge(
            "cloudticks.relay.archive.lag", () => Lag?.Invoke() ?? 0, "{record}", "Records of the archive that are not delivered yet");
        meter.CreateObservableCounter(
            "cloudticks.relay.history.ticks", () => Volatile.Read(ref _historyTicks), "{tick}", "Ticks sent to clients catching up");
    }

    public Func<long>? Lag { get; set; }

    public void Read(int ticks, int repeats)
    {
        // Only the tail writes these counters, so no addition is lost.
        Volatile.Write(ref _ticks, _ticks + ticks);
        Volatile.Write(ref _repeats, _repeats + repeats);
    }

    public void SentHistory(int ticks) => Interlocked.Add(ref _historyTicks, ticks);

    public void Refused(ArchiveFaultKind kind) => Interlocked.Increment(ref _refused[(int)kind]);

    public long RefusedOf(ArchiveFaultKind kind) => Volatile.Read(ref _refused[(int)kind]);

    private IEnumerable<Measurement<long>> MeasureRefused() => Enum.GetValues<ArchiveFaultKind>().Select(
        kind => new Measurement<long>(RefusedOf(kind), new KeyValuePair<string, object?>("kind", kind.ToString().ToLowerInvariant())));
}
