using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Verification.Findings;
using static System.FormattableString;

namespace CloudTicks.Verification.Reconciling;

/// <summary>Explains why the archive may lack ticks of the feed: they were not selected, are in a gap, or wait in a spool.</summary>
internal sealed class Explanations(KnownGaps gaps, CollectorReports? collectors)
{
    private const long MinuteMs = 60_000;

    /// <summary>Whether a collector has selected the series; true when a collector does not answer.</summary>
    public bool IsSelected(Series series) => collectors?.WantedSince.ContainsKey(series) != false;

    /// <summary>
    /// Whether a collector does not answer. Only that collector can report its spool and its gaps, when it runs again.
    /// </summary>
    public bool IsCollectorUnavailable => collectors is null;

    public string? Of(Series series, long minuteMs, bool wasCollected)
    {
        var overlappingGaps = gaps.Of(series, minuteMs, minuteMs + MinuteMs).ToArray();
        if (Array.Find(overlappingGaps, gap => gap.State != GapState.Filled.Name()) is { } gap)
        {
            return $"they are in a gap ({gap.Cause}, {gap.State}) from "
                + $"{Format.Time(gap.FromMs)}{(gap.ToMs is { } to ? $" to {Format.Time(to)}" : " on")}";
        }

        if (collectors is null)
        {
            return "a collector does not answer; it may have them on its disk, and reports the gap when it runs again";
        }

        if (collectors.Spools.FirstOrDefault(
            spool => spool.Records > 0 && spool.OldestMs is { } oldest && oldest - MinuteMs < minuteMs + MinuteMs) is { } waiting)
        {
            return Invariant($"{waiting.Records:N0} records are waiting in the spool of a collector");
        }

        return !collectors.WantedSince.ContainsKey(series) ? "no collector collects it now"
            : collectors.CollectedOnlySince(series, minuteMs, wasCollected) is { } since
                ? $"it has been collected since {Format.Time(since)}" : null;
    }
}
