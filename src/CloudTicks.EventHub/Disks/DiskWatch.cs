using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Disks;

/// <summary>
/// Watches how fast the disk fills up, and says so early: topics may keep their records for ever. The pace is that of the last hour;
/// before ten minutes were seen there is none.
/// </summary>
/// <param name="onChange">Told that the disk fills up (true), again once an hour, and that there is room again (false).</param>
internal sealed class DiskWatch(
    Func<long> freeBytes, long reserveBytes, TimeSpan warnBefore, TimeProvider time,
    Action<DiskForecast, bool> onChange)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastSeen = TimeSpan.FromMinutes(10);

    /// <summary>Once warned, it takes this much more time left to be calm again.</summary>
    private const double Calm = 1.25;

    /// <summary>Further than this nobody forecasts.</summary>
    private const double MostHours = 24 * 365;

    private readonly OutageLog _shortage = new(time, TimeSpan.FromHours(1));
    private readonly Queue<(long At, double Free)> _seen = [];
    private volatile DiskForecast? _forecast;
    private volatile string? _problem;

    /// <summary>What was seen last; null before the first look.</summary>
    public DiskForecast? Forecast => _forecast;

    /// <summary>Why somebody should make room, as the end of a sentence; null while there is no need.</summary>
    public string? Problem => _problem;

    /// <summary>Looks at the disk. One caller at a time.</summary>
    public void Look()
    {
        var now = time.GetTimestamp();
        var free = freeBytes();
        while (_seen.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Window)
        {
            _seen.Dequeue();
        }

        var (from, freeThen) = _seen.TryPeek(out var first) ? first : (now, (double)free);
        _seen.Enqueue((now, free));
        var seen = time.GetElapsedTime(from, now);
        var perHour = seen < LeastSeen ? 0 : Math.Max((freeThen - free) / seen.TotalHours, 0);
        var hours = free <= reserveBytes ? 0 : perHour > 0 ? (free - reserveBytes) / perHour : double.PositiveInfinity;
        var forecast = new DiskForecast(free, perHour, hours > MostHours ? null : TimeSpan.FromHours(hours));
        _forecast = forecast;
        var isShort = hours < warnBefore.TotalHours * (_problem is null ? 1 : Calm);
        _problem = isShort ? forecast.Sentence : null;
        if (isShort ? _shortage.Failed(out _) != OutageNotice.None : _shortage.End(out _))
        {
            onChange(forecast, isShort);
        }
    }
}
