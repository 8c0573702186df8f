using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Records;

/// <summary>
/// Looks whether the event hub acknowledges what waits for it. That it does not is said once, again every minute, and once when it
/// does again; a hub that is silent on a standing connection is noticed like one that has gone.
/// </summary>
internal sealed class AcknowledgementWatch : IAsyncDisposable
{
    /// <summary>A slow disk is no outage.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    private readonly EventStreamConnection _connection;
    private readonly PendingRecords _pending;
    private readonly Func<long> _waitingBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private string _reason = "no answer";
    private long _since;
    private long _saidAt;
    private volatile bool _isAway;

    public AcknowledgementWatch(EventStreamConnection connection, PendingRecords pending, Func<long> waitingBytes, TimeProvider time, ILogger logger)
    {
        (_connection, _pending, _waitingBytes, _time, _logger) = (connection, pending, waitingBytes, time, logger);
        _timer = time.CreateTimer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>How long the hub has acknowledged nothing; null while it does.</summary>
    public TimeSpan? AwayFor
    {
        get
        {
            lock (_gate)
            {
                return _isAway ? _time.GetElapsedTime(_since) : null;
            }
        }
    }

    /// <summary>The client cannot reach the hub; that matters when something waits for it.</summary>
    public void OnUnreachable(string reason)
    {
        lock (_gate)
        {
            _reason = reason;
        }

        if (_pending.OldestSentAt() is { } oldest)
        {
            Say(oldest);
        }
    }

    /// <summary>The hub has acknowledged a record.</summary>
    public void OnAcknowledged()
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

            (_isAway, _reason, away) = (false, "no answer", _time.GetElapsedTime(_since));
        }

        _logger.HubBack(_connection, away.TotalSeconds);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        if (_pending.OldestSentAt() is { } oldest && _time.GetElapsedTime(oldest) >= Patience)
        {
            Say(oldest);
        }
    }

    private void Say(long oldest)
    {
        bool isFirst;
        string reason;
        TimeSpan away;
        lock (_gate)
        {
            isFirst = !_isAway;
            if (isFirst)
            {
                (_isAway, _since) = (true, oldest);
            }
            else if (_time.GetElapsedTime(_saidAt) < BetweenReminders)
            {
                return;
            }

            (_saidAt, reason, away) = (_time.GetTimestamp(), _reason, _time.GetElapsedTime(_since));
        }

        if (isFirst)
        {
            _logger.HubAway(_connection, reason, _pending.Count, _waitingBytes());
        }
        else
        {
            _logger.HubStillAway(_connection, away.TotalSeconds, reason, _pending.Count, _waitingBytes());
        }
    }
}
