using System.Security.Cryptography;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// The fetch sessions of all clients, in memory only: after a restart a client gets an error for its session id and opens a new session
/// with a full fetch. The number of sessions and their memory are limited. At a limit, a new session replaces an idle session; if no
/// session is idle, the client fetches without a session.
/// </summary>
internal sealed class FetchSessions(
    TimeProvider time, int maxSessions = FetchSessions.DefaultMaxSessions, long maxBytes = FetchSessions.DefaultMaxBytes)
{
    private const int DefaultMaxSessions = 1000;
    private const long DefaultMaxBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly ByteBudget _memory = new(maxBytes);

    /// <summary>
    /// Finds the session of a fetch and applies the fetch to it. A full fetch has no session, and closes the session whose id it contains.
    /// </summary>
    /// <param name="positions">All partitions of the fetch.</param>
    public ErrorCode Continue(FetchRequest fetch, out FetchSession? session, out IReadOnlyList<FetchPosition> positions)
    {
        positions = fetch.Positions;
        session = Find(fetch.SessionId);
        if (fetch.SessionEpoch is FetchSession.InitialEpoch or FetchSession.FinalEpoch)
        {
            Close(session);
            session = null;
            return ErrorCode.None;
        }

        if (session is null)
        {
            return ErrorCode.FetchSessionIdNotFound;
        }

        var error = session.Continue(fetch, out positions);
        if (error == ErrorCode.FetchSessionIdNotFound || (error == ErrorCode.None && positions.Count == 0))
        {
            Close(session);
            session = null;
        }

        return error;
    }

    /// <summary>Opens a session with the results of a full fetch.</summary>
    /// <returns>
    /// The id of the session; <see cref="FetchSession.None"/> when there is no room, or when the fetch has no partitions.
    /// </returns>
    public int Open(List<FetchPartitionResponse> results)
    {
        if (results.Count == 0 || !HasRoom())
        {
            return FetchSession.None;
        }

        var session = new FetchSession(RandomNumberGenerator.GetInt32(1, int.MaxValue), TryTakeMemory) { UsedAt = time.GetTimestamp() };
        if (session.TryStart(results) && TryAdd(session))
        {
            return session.Id;
        }

        _memory.Release(session.Close());
        return FetchSession.None;
    }

    private FetchSession? Find(int id)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out var session))
            {
                return null;
            }

            session.UsedAt = time.GetTimestamp();
            return session;
        }
    }

    private void Close(FetchSession? session)
    {
        lock (_gate)
        {
            if (session is null || !_sessions.Remove(session.Id))
            {
                return;
            }
        }

        _memory.Release(session.Close());
    }

    private bool TryAdd(FetchSession session)
    {
        lock (_gate)
        {
            return _sessions.Count < maxSessions && _sessions.TryAdd(session.Id, session);
        }
    }

    private bool HasRoom()
    {
        lock (_gate)
        {
            if (_sessions.Count < maxSessions)
            {
                return true;
            }
        }

        return TryCloseIdle();
    }

    private bool TryTakeMemory(long bytes)
    {
        while (!_memory.TryTake(bytes))
        {
            if (!TryCloseIdle())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the least recently used session if it is idle. No request uses an idle session, so its lock is free.</summary>
    private bool TryCloseIdle()
    {
        FetchSession? oldest;
        lock (_gate)
        {
            oldest = _sessions.Values.MinBy(s => s.UsedAt);
        }

        if (oldest is null || time.GetElapsedTime(oldest.UsedAt) < IdleTimeout)
        {
            return false;
        }

        Close(oldest);
        return true;
    }
}
