using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Logs and counts the outages of a connection. Only that connection calls the methods; any thread may read the counts.</summary>
internal sealed class FeedOutage(string market, TimeProvider time, ILogger logger)
{
    private readonly OutageLog _outage = new(time);
    private bool _wasConnected;
    private SessionEndReason _cause;
    private int _attempts;
    private long _count;
    private long _milliseconds;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The total length of the outages, in ms.</summary>
    public long Milliseconds => Interlocked.Read(ref _milliseconds);

    public void End(string host)
    {
        _outage.End(out var outage);
        if (_wasConnected)
        {
            Interlocked.Increment(ref _count);
            Interlocked.Add(ref _milliseconds, (long)outage.TotalMilliseconds);
            logger.ConnectedAgain(market, host, outage.TotalSeconds);
        }
        else
        {
            logger.Connected(market, host);
        }

        (_wasConnected, _attempts) = (true, 0);
    }

    /// <summary>Handles a session that ended or could not be established.</summary>
    /// <param name="pause">The time until the next attempt; null when there is none, because the key was refused.</param>
    /// <param name="lastMessageAt">The timestamp of the last message of an authenticated session; null when there was none.</param>
    public void OnSessionEnded(SessionEnd end, TimeSpan? pause, long? lastMessageAt)
    {
        _attempts++;
        _outage.Begin(lastMessageAt);
        var isOffline = IsOffline(end.Reason);
        var isNewCause = end.Reason != _cause && !(isOffline && IsOffline(_cause));
        _cause = end.Reason;
        if (pause is not { } next)
        {
            logger.LastSessionEnded(market, end.Reason, end.Message);
            return;
        }

        var notice = _outage.Notice(out var lasted, isNewCause);
        if (notice == OutageNotice.First || (notice == OutageNotice.Reminder && !isOffline))
        {
            logger.SessionEnded(market, end.Reason, end.Message, next.TotalSeconds);
        }
        else if (notice == OutageNotice.Reminder)
        {
            logger.StillNoSession(market, lasted.TotalSeconds, _attempts, end.Message);
        }
        else if (isOffline)
        {
            logger.AttemptFailed(market, end.Reason, end.Message, next.TotalSeconds);
        }
    }

    /// <summary>Whether the cause is the network or an unavailable server. All such reasons count as one cause.</summary>
    private static bool IsOffline(SessionEndReason reason) => reason is SessionEndReason.ConnectFailed or SessionEndReason.ConnectionLost
        or SessionEndReason.ClosedByServer or SessionEndReason.HandshakeTimeout or SessionEndReason.NoPong;
}
