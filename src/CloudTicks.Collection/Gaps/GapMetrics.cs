using System.Diagnostics.Metrics;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Gaps;

/// <summary>The metrics of the gaps. They read the ledger when metrics are exported.</summary>
internal sealed class GapMetrics
{
    public GapMetrics(IMeterFactory meters, GapService gaps, TimeProvider time)
    {
        var meter = meters.Create(CollectorMetrics.MeterName);
        meter.CreateObservableGauge("cloudticks.collector.gaps", () => ByState(gaps.GetStatus()), "{gap}", "Gaps of the ledger, by state");
        meter.CreateObservableGauge(
            "cloudticks.collector.gaps.oldest", () => AgeSeconds(gaps.GetStatus(), time), "s",
            "Time since the beginning of the oldest unfilled gap");
        meter.CreateObservableGauge(
            "cloudticks.collector.gaps.missing_ticks", () => Missing(gaps.GetStatus()), "{tick}",
            "Ticks known to be missing that were not restored, by state of their gap: open or unfillable");
        meter.CreateObservableCounter(
            "cloudticks.collector.recovered.ticks", () => gaps.GetStatus().RecoveredTicks, "{tick}",
            "Ticks fetched over REST, including those already archived");
        meter.CreateObservableCounter(
            "cloudticks.collector.gaps.save_failures", () => gaps.SaveFailures, "{failure}",
            "Failed attempts to write the ledger or the coverage marks");
    }

    private static Measurement<int>[] ByState(GapStatus status) =>
        [Of("open", status.Open), Of("filling", status.Filling), Of("filled", status.Filled), Of("unfillable", status.Unfillable)];

    private static Measurement<long>[] Missing(GapStatus status) => [Of("open", status.MissingTicks), Of("unfillable", status.LostTicks)];

    private static Measurement<T> Of<T>(string state, T count)
        where T : struct => new(count, new KeyValuePair<string, object?>("state", state));

    private static double AgeSeconds(GapStatus status, TimeProvider time) =>
        status.OldestOpenMs is { } oldest ? Math.Max(0, (time.GetUtcNow().ToUnixTimeMilliseconds() - oldest) / 1000.0) : 0;
}
