using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Disks;

/// <summary>
/// Measures how fast the disk fills up, and warns early, because topics may keep their records permanently. The rate is that of the last
/// hour; for the first ten minutes it is unknown.
/// </summary>
/// <param name="onChange">
/// Receives the forecast, and true when the disk fills up (repeated every hour) or false when it has enough space again.
/// </param>
internal sealed class DiskWatch(
    Func<long> freeBytes, long reserveBytes, TimeSpan warnBefore, TimeProvider time,
    Action<DiskForecast, bool> onChange)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinObservation = TimeSpan.FromMinutes(10);

    /// <summary>Hysteresis: a warning ends only when the remaining time exceeds the limit by this factor.</summary>
    private const double Hysteresis = 1.25;

    /// <summary>The maximum forecast in hours; above it, the disk does not count as filling up.</summary>
    private const double MaxHours = 24 * 365;

    private readonly OutageLog _shortage = new(time, TimeSpan.FromHours(1));
    private readonly Queue<(long At, double Free)> _samples = [];
    private volatile DiskForecast? _forecast;
    private volatile string? _problem;

    /// <summary>The result of the last check; null before the first.</summary>
    public DiskForecast? Forecast => _forecast;

    /// <summary>Why space should be freed, as the predicate of a sentence; null while there is enough.</summary>
    public string? Problem => _problem;

    /// <summary>Checks the disk. Not reentrant.</summary>
    public void Check()
    {
        var now = time.GetTimestamp();
        var free = freeBytes();
        while (_samples.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Window)
        {
            _samples.Dequeue();
        }

        var (from, freeBefore) = _samples.TryPeek(out var first) ? first : (now, (double)free);
        _samples.Enqueue((now, free));
        var observedTime = time.GetElapsedTime(from, now);
        var bytesPerHour = observedTime < MinObservation ? 0 : Math.Max((freeBefore - free) / observedTime.TotalHours, 0);
        var hoursUntilFull = free <= reserveBytes ? 0 : bytesPerHour > 0 ? (free - reserveBytes) / bytesPerHour : double.PositiveInfinity;
        var forecast = new DiskForecast(free, bytesPerHour, hoursUntilFull > MaxHours ? null : TimeSpan.FromHours(hoursUntilFull));
        _forecast = forecast;
        var isShort = hoursUntilFull < warnBefore.TotalHours * (_problem is null ? 1 : Hysteresis);
        _problem = isShort ? forecast.Description : null;
        if (isShort ? _shortage.Failed(out _) != OutageNotice.None : _shortage.End(out _))
        {
            onChange(forecast, isShort);
        }
    }
}
