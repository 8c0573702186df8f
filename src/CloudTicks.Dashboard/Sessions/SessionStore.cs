using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>The sessions by cookie, in memory only: a restart ends all of them.</summary>
internal sealed class SessionStore(TimeProvider time)
{
    /// <summary>
    /// The maximum number of sessions; above it, the session that was idle for the longest time ends. Only holders of keys have sessions.
    /// </summary>
    private const int MaxSessions = 1_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(8);
    private static readonly TimeSpan MaxIdleTime = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PageSession> _sessions = [];

    public void Add(string cookie, Caller caller, string key)
    {
        List<KeyValuePair<string, PageSession>> endedSessions;
        lock (_gate)
        {
            endedSessions = [.. _sessions.Where(session => HasEnded(session.Value))];
            if (endedSessions.Count == 0 && _sessions.Count >= MaxSessions)
            {
                endedSessions.Add(_sessions.MinBy(session => session.Value.LastUsedAt));
            }

            endedSessions.ForEach(session => _sessions.Remove(session.Key));
            _sessions[KeyOf(cookie)] = new PageSession(caller, key, time.GetTimestamp());
        }

        endedSessions.ForEach(session => session.Value.Dispose());
    }

    /// <summary>Finds the session of a cookie, and marks it as used.</summary>
    public PageSession? Find(string cookie)
    {
        PageSession? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(KeyOf(cookie), out session))
            {
                return null;
            }

            if (!HasEnded(session))
            {
                session.LastUsedAt = time.GetTimestamp();
                return session;
            }

            _sessions.Remove(KeyOf(cookie));
        }

        session.Dispose();
        return null;
    }

    /// <summary>Ends a session and its streams, outside the lock because their continuations run on this thread.</summary>
    public void Remove(string cookie)
    {
        PageSession? session;
        lock (_gate)
        {
            _sessions.Remove(KeyOf(cookie), out session);
        }

        session?.Dispose();
    }

    private bool HasEnded(PageSession session) =>
        time.GetElapsedTime(session.StartedAt) >= MaxAge || time.GetElapsedTime(session.LastUsedAt) >= MaxIdleTime;

    /// <summary>Returns the dictionary key of a cookie: its hash, so that the time of a lookup reveals nothing about the cookie.</summary>
    private static string KeyOf(string cookie) => Convert.ToBase64String(AccessKey.Hash(cookie));
}
