using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Redis;

/// <summary>Logs Redis outages. Thread-safe: the intake drops ticks while the outlet's loop publishes others.</summary>
internal sealed class RedisOutage(string server, RedisMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>An outage ends when nothing was dropped for this long, so that a slow server causes one outage and not many.</summary>
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly OutageLog _outage = new(time);
    private long _lastDropAt;
    private long _droppedBefore;

    public void Dropped(long ticks, string reason, string problem)
    {
        lock (_gate)
        {
            var notice = _outage.Failed(out var outageDuration);
            if (notice == OutageNotice.First)
            {
                _droppedBefore = metrics.DroppedTicks;
                logger.RedisUnavailable(server, problem);
            }

            metrics.Dropped(ticks, reason);
            _lastDropAt = time.GetTimestamp();
            if (notice == OutageNotice.Reminder)
            {
                logger.RedisStillUnavailable(server, outageDuration.TotalSeconds, problem, metrics.DroppedTicks - _droppedBefore);
            }
        }
    }

    public void Published(long ticks)
    {
        metrics.Published(ticks);
        if (!_outage.IsOngoing)
        {
            return;
        }

        lock (_gate)
        {
            if (time.GetElapsedTime(_lastDropAt) >= RecoveryTime && _outage.End(out var outageDuration, _lastDropAt))
            {
                logger.RedisAvailableAgain(server, outageDuration.TotalSeconds, metrics.DroppedTicks - _droppedBefore);
            }
        }
    }
}
