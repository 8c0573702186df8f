using System.Collections.Concurrent;
using CloudTicks.Simulator.Faults;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sessions;

internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<long, FeedSession> _sessions = [];
    private readonly FaultBoard _faults;
    private long _lastId;

    public SessionRegistry(FaultBoard faults)
    {
        _faults = faults;
        faults.Changed += ApplyState;
    }

    public IReadOnlyList<FeedSession> All => [.. _sessions.Values.OrderBy(session => session.Id)];

    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Add(FeedSession session)
    {
        _sessions[session.Id] = session;
        session.ApplyState();
    }

    public void Remove(FeedSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        _faults.Forget(session.Id);
    }

    /// <summary>The sessions of a market that exceed a connection limit, each with the way to end it.</summary>
    /// <param name="step">The session step after which the limit is checked; null for any.</param>
    public IEnumerable<(FeedSession Session, string How)> AboveLimit(Market market, string? step)
    {
        if (_faults.Find(FaultCatalog.ConnectionLimit, new FaultTarget(market)) is not { } limit
            || (step is not null && limit.Word(FaultCatalog.When) != step))
            yield break;
        var authenticated = All.Where(session => session.Market == market && session.IsAuthenticated).ToList();
        if (limit.Word(FaultCatalog.Which) == "newest")
            authenticated.Reverse();
        foreach (var session in authenticated.Take(authenticated.Count - (int)limit.Number(FaultCatalog.Limit)))
        {
            if (_faults.Strike(FaultCatalog.ConnectionLimit, session.Target) is not null)
                yield return (session, limit.Word(FaultCatalog.How));
        }
    }

    private void ApplyState()
    {
        foreach (var session in _sessions.Values)
            session.ApplyState();
    }
}
