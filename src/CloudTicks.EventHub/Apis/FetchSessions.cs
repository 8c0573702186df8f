using System.Security.Cryptography;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// The fetch sessions of all clients, in memory only: after a restart a client is told that its session is not there, and begins another
/// with a full fetch. They are bounded by number and by memory. A session that is not used makes room for a new one; while none is idle,
/// more clients fetch without.
/// </summary>
internal sealed class FetchSessions(
    TimeProvider time, int mostSessions = FetchSessions.MostSessions, long mostBytes = FetchSessions.MostBytes)
{
    private const int MostSessions = 1000;
    private const long MostBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly ByteBudget _memory = new(mostBytes);

    /// <summary>The session that a fetch goes on with; null for a full fetch, which ends the one that it names.</summary>
    /// <param name="positions">All that the fetch is about.</param>
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

    /// <summary>Opens a session with what a full fetch was answered.</summary>
    /// <returns>Its id; <see cref="FetchSession.None"/> when there is no room, or nothing to remember.</returns>
    public int Open(List<FetchPartitionResponse> answers)
    {
        if (answers.Count == 0 || !HasRoom())
        {
            return FetchSession.None;
        }

        var session = new FetchSession(RandomNumberGenerator.GetInt32(1, int.MaxValue), TryTakeMemory) { UsedAt = time.GetTimestamp() };
        if (session.TryBegin(answers) && TryAdd(session))
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
            return _sessions.Count < mostSessions && _sessions.TryAdd(session.Id, session);
        }
    }

    private bool HasRoom()
    {
        lock (_gate)
        {
            if (_sessions.Count < mostSessions)
            {
                return true;
            }
        }

        return TryEndIdle();
    }

    private bool TryTakeMemory(long bytes)
    {
        while (!_memory.TryTake(bytes))
        {
            if (!TryEndIdle())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the session that was not used for longest, if it is idle. It is nobody's then, so no lock of it is held.</summary>
    private bool TryEndIdle()
    {
        FetchSession? oldest;
        lock (_gate)
        {
            oldest = _sessions.Values.MinBy(s => s.UsedAt);
        }

        if (oldest is null || time.GetElapsedTime(oldest.UsedAt) < Idle)
        {
            return false;
        }

        Close(oldest);
        return true;
    }
}
