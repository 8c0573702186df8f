using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.DbServer;

/// <summary>Whether the server takes ticks. That it does not is said once, again every minute, and once when it does again.</summary>
internal sealed class DbServerOutage(Uri server, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _since;
    private long _saidAt;
    private volatile bool _isAway;

    /// <summary>How long the server has taken nothing; null while it does.</summary>
    public TimeSpan? AwayFor
    {
        get
        {
            lock (_gate)
            {
                return _isAway ? time.GetElapsedTime(_since) : null;
            }
        }
    }

    /// <summary>An attempt has failed, and is made again.</summary>
    public void Failed(string reason)
    {
        TimeSpan away;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_isAway)
            {
                (_isAway, _since) = (true, now);
            }
            else if (time.GetElapsedTime(_saidAt, now) < BetweenReminders)
            {
                return;
            }

            (_saidAt, away) = (now, time.GetElapsedTime(_since, now));
        }

        if (away == TimeSpan.Zero)
        {
            logger.DbServerAway(server.Authority, reason);
        }
        else
        {
            logger.DbServerStillAway(server.Authority, away.TotalSeconds, reason);
        }
    }

    /// <summary>The server has answered for a batch.</summary>
    public void Answered()
    {
        if (!_isAway)
        {
            return;
        }

        TimeSpan away;
        lock (_gate)
        {
            if (!_isAway)
            {
                return;
            }

            (_isAway, away) = (false, time.GetElapsedTime(_since));
        }

        logger.DbServerBack(server.Authority, away.TotalSeconds);
    }
}
