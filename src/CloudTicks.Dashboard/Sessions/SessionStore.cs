using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>Who is signed in, by what their cookie says: in memory alone, so that a restart ends all sessions.</summary>
internal sealed class SessionStore(TimeProvider time)
{
    /// <summary>When more sign in, whoever asked for nothing the longest is signed out. Only holders of keys come in here.</summary>
    private const int MostSessions = 1_000;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(8);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PageSession> _sessions = [];

    public void Add(string cookie, Caller caller, string key)
    {
        List<KeyValuePair<string, PageSession>> over;
        lock (_gate)
        {
            over = [.. _sessions.Where(session => HasEnded(session.Value))];
            if (over.Count == 0 && _sessions.Count >= MostSessions)
            {
                over.Add(_sessions.MinBy(session => session.Value.Used));
            }

            over.ForEach(session => _sessions.Remove(session.Key));
            _sessions[NameOf(cookie)] = new PageSession(caller, key, time.GetTimestamp());
        }

        over.ForEach(session => session.Value.Dispose());
    }

    /// <summary>The session of a cookie, which is used thereby.</summary>
    public PageSession? Find(string cookie)
    {
        PageSession? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(NameOf(cookie), out session))
            {
                return null;
            }

            if (!HasEnded(session))
            {
                session.Used = time.GetTimestamp();
                return session;
            }

            _sessions.Remove(NameOf(cookie));
        }

        session.Dispose();
        return null;
    }

    /// <summary>Signs somebody out, which ends his streams: not under the lock, as they go on from there.</summary>
    public void Remove(string cookie)
    {
        PageSession? session;
        lock (_gate)
        {
            _sessions.Remove(NameOf(cookie), out session);
        }

        session?.Dispose();
    }

    private bool HasEnded(PageSession session) =>
        time.GetElapsedTime(session.Began) >= Longest || time.GetElapsedTime(session.Used) >= LongestIdle;

    /// <summary>A look-up tells by its time how much of a text is right; of a hash that helps nobody.</summary>
    private static string NameOf(string cookie) => Convert.ToBase64String(AccessKey.Hash(cookie));
}
