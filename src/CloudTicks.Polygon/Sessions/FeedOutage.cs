using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The times without a session: each is said once, again every minute, and counted when it is over. What the feed sent in such a
/// time is missing.
/// </summary>
internal sealed class FeedOutage(string market, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    private bool _wasConnected;
    private long _since;
    private long _saidAt;
    private SessionEndReason? _said;
    private int _attempts;
    private long _count;
    private long _milliseconds;

    /// <summary>Outages that are over.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How long they lasted together, in ms.</summary>
    public long Milliseconds => Interlocked.Read(ref _milliseconds);

    /// <summary>A session stands.</summary>
    /// <param name="host">With whom.</param>
    public void End(string host)
    {
        if (_wasConnected)
        {
            var outage = time.GetElapsedTime(_since);
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _milliseconds, (long)outage.TotalMilliseconds);
            logger.ConnectedAgain(market, host, outage.TotalSeconds);
        }
        else
        {
            logger.Connected(market, host);
        }

        (_wasConnected, _said, _attempts) = (true, null, 0);
    }

    /// <summary>A session ended, or did not come about.</summary>
    /// <param name="end">Why.</param>
    /// <param name="pause">When the next attempt comes.</param>
    /// <param name="lastMessageAt">When the session that stood brought its last message, by the clock's timestamps; null when none stood.</param>
    public void OnSessionEnded(SessionEnd end, TimeSpan pause, long? lastMessageAt)
    {
        _attempts++;
        if (lastMessageAt is { } last)
        {
            _since = last;
        }
        else if (_said is null)
        {
            _since = time.GetTimestamp();
        }

        if (_said is null || !IsAbsence(end.Reason) || !IsAbsence(_said.Value))
        {
            if (_said == end.Reason && time.GetElapsedTime(_saidAt) < BetweenReminders)
            {
                return;
            }

            (_said, _saidAt) = (end.Reason, time.GetTimestamp());
            logger.SessionEnded(market, end.Reason, end.Message, pause.TotalSeconds);
        }
        else if (time.GetElapsedTime(_saidAt) >= BetweenReminders)
        {
            _saidAt = time.GetTimestamp();
            logger.StillNoSession(market, time.GetElapsedTime(_since).TotalSeconds, _attempts, end.Message);
        }
        else
        {
            logger.AttemptFailed(market, end.Reason, end.Message, pause.TotalSeconds);
        }
    }

    /// <summary>Nobody is there, in one way or the other: one line tells it, whichever comes first.</summary>
    private static bool IsAbsence(SessionEndReason reason) => reason is SessionEndReason.ConnectFailed or SessionEndReason.ConnectionLost
        or SessionEndReason.ClosedByServer or SessionEndReason.HandshakeTimeout or SessionEndReason.NoPong;
}
