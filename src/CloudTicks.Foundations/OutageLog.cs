namespace CloudTicks.Foundations;

/// <summary>
/// Decides when an outage is logged: when it begins, once per interval while it lasts, and when it is over. The caller writes the lines.
/// Thread-safe: when several threads report a failure at the same time, one receives the notice.
/// </summary>
/// <param name="interval">The time between two lines about one outage; a minute by default.</param>
public sealed class OutageLog(TimeProvider time, TimeSpan? interval = null)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = interval ?? TimeSpan.FromMinutes(1);
    private volatile bool _isOngoing;
    private long _startedAt;
    private long? _loggedAt;

    /// <summary>Whether there is an outage, logged or not.</summary>
    public bool IsOngoing => _isOngoing;

    /// <summary>How long the outage has lasted; null while there is none.</summary>
    public TimeSpan? Duration
    {
        get
        {
            if (!_isOngoing)
            {
                return null;
            }

            lock (_gate)
            {
                return _isOngoing ? time.GetElapsedTime(_startedAt) : null;
            }
        }
    }

    /// <summary>Whether a line about this outage has been written.</summary>
    public bool IsLogged
    {
        get
        {
            lock (_gate)
            {
                return _loggedAt is not null;
            }
        }
    }

    /// <summary>Whether a line is due, for callers that determine the cause before they call <see cref="Notice"/>.</summary>
    public bool IsDue
    {
        get
        {
            if (!_isOngoing)
            {
                return false;
            }

            lock (_gate)
            {
                return _isOngoing && (_loggedAt is not { } loggedAt || time.GetElapsedTime(loggedAt) >= _interval);
            }
        }
    }

    /// <summary>Starts an outage without a notice. Does nothing during an outage.</summary>
    /// <param name="isLogged">Whether another log line has already reported the outage, so that the next notice is a reminder.</param>
    public void Begin(long? at = null, bool isLogged = false)
    {
        lock (_gate)
        {
            Start(at, isLogged);
        }
    }

    /// <summary>Reports a failure, which starts an outage or belongs to the current one.</summary>
    /// <param name="isNewCause">Whether the cause differs from the logged one. A new cause is logged at once, like a new outage.</param>
    public OutageNotice Failed(out TimeSpan duration, bool isNewCause = false)
    {
        lock (_gate)
        {
            Start(at: null, isLogged: false);
            return Next(out duration, isNewCause);
        }
    }

    /// <summary>Returns the line to write about the current outage; none while there is no outage.</summary>
    /// <param name="isNewCause">Whether the cause differs from the logged one. A new cause is logged at once, like a new outage.</param>
    public OutageNotice Notice(out TimeSpan duration, bool isNewCause = false)
    {
        lock (_gate)
        {
            return Next(out duration, isNewCause);
        }
    }

    /// <summary>Ends the outage.</summary>
    /// <returns>Whether the recovery is to be logged: there was an outage, and it was logged.</returns>
    public bool End(out TimeSpan duration, long? at = null)
    {
        duration = TimeSpan.Zero;
        if (!_isOngoing)
        {
            return false;
        }

        lock (_gate)
        {
            if (!_isOngoing)
            {
                return false;
            }

            duration = time.GetElapsedTime(_startedAt, at ?? time.GetTimestamp());
            var wasLogged = _loggedAt is not null;
            (_isOngoing, _loggedAt) = (false, null);
            return wasLogged;
        }
    }

    private void Start(long? at, bool isLogged)
    {
        if (!_isOngoing)
        {
            var now = time.GetTimestamp();
            (_isOngoing, _startedAt, _loggedAt) = (true, at ?? now, isLogged ? now : null);
        }
    }

    private OutageNotice Next(out TimeSpan duration, bool isNewCause)
    {
        duration = TimeSpan.Zero;
        if (!_isOngoing)
        {
            return OutageNotice.None;
        }

        var now = time.GetTimestamp();
        duration = time.GetElapsedTime(_startedAt, now);
        var notice = isNewCause || _loggedAt is not { } loggedAt ? OutageNotice.First
            : time.GetElapsedTime(loggedAt, now) >= _interval ? OutageNotice.Reminder : OutageNotice.None;
        _loggedAt = notice == OutageNotice.None ? _loggedAt : now;
        return notice;
    }
}
