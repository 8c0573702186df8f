using CloudTicks.Ticks.Gaps;
using CloudTicks.Verification.Answers;
using CloudTicks.Verification.Checks;

namespace CloudTicks.Verification.Reconciling;

/// <summary>Why ticks that the feed made need not be in the archive: nobody wanted them, they lie in a gap, or they are on their way.</summary>
/// <param name="gaps">The gaps.</param>
/// <param name="selected">What the collectors collect; null when they cannot be asked.</param>
/// <param name="spools">What waits on their disks.</param>
internal sealed class Explanations(KnownGaps gaps, IReadOnlyList<SelectedChannel>? selected, IReadOnlyList<SpoolAnswer> spools)
{
    private const long MinuteMs = 60_000;

    private readonly Dictionary<Series, long>? _wantedSince = selected?.ToDictionary(channel => new Series(channel.Symbol, channel.Kind == "trade"), channel => channel.WantedSinceMs);

    /// <summary>Whether a series is, or was a while ago, collected.</summary>
    public bool IsWanted(Series series) => _wantedSince?.ContainsKey(series) != false;

    /// <summary>Explains why a minute of the archive has fewer ticks than the feed has made.</summary>
    /// <returns>Null when nothing does.</returns>
    public string? Of(Series series, long minuteMs)
    {
        var touching = gaps.Of(series, minuteMs, minuteMs + MinuteMs).ToArray();
        if (Array.Find(touching, gap => gap.State != GapState.Filled.Name()) is { } gap)
        {
            return $"they lie in a gap ({gap.Cause}, {gap.State}) from {Words.Time(gap.FromMs)}{(gap.ToMs is { } to ? $" to {Words.Time(to)}" : " on")}";
        }

        if (spools.FirstOrDefault(spool => spool.Records > 0 && spool.OldestMs is { } oldest && oldest - MinuteMs < minuteMs + MinuteMs) is { } waiting)
        {
            return Words.Invariant($"{waiting.Records:N0} records wait in the spool of a collector");
        }

        return _wantedSince is null ? null
            : !_wantedSince.TryGetValue(series, out var since) ? "no collector collects it now"
            : since > minuteMs ? $"it is collected since {Words.Time(since)}"
            : null;
    }
}
