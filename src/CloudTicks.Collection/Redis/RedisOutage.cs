using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Redis;

/// <summary>Whether Redis takes ticks: said once when it does not, again every minute, and once when it does again. It is thread-safe.</summary>
internal sealed class RedisOutage(string server, RedisMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    /// <summary>A server that is only too slow takes some ticks all the time; that is one trouble, not many.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long _since;
    private long _saidAt;
    private long _lastAt;
    private long _droppedBefore;
    private bool _isAway;

    /// <summary>Ticks were dropped.</summary>
    public void Dropped(long ticks, string reason, string problem)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_isAway)
            {
                (_isAway, _since, _saidAt, _droppedBefore) = (true, now, now, metrics.DroppedTicks);
                logger.RedisAway(server, problem);
            }

            metrics.Dropped(ticks, reason);
            _lastAt = now;
            if (time.GetElapsedTime(_saidAt, now) >= BetweenReminders)
            {
                _saidAt = now;
                var lasted = time.GetElapsedTime(_since, now).TotalSeconds;
                logger.RedisStillAway(server, lasted, problem, metrics.DroppedTicks - _droppedBefore);
            }
        }
    }

    /// <summary>Redis has taken ticks.</summary>
    public void Published(long ticks)
    {
        metrics.Published(ticks);
        lock (_gate)
        {
            if (_isAway && time.GetElapsedTime(_lastAt) >= QuietTime)
            {
                _isAway = false;
                var lasted = time.GetElapsedTime(_since, _lastAt).TotalSeconds;
                logger.RedisBack(server, lasted, metrics.DroppedTicks - _droppedBefore);
            }
        }
    }
}
