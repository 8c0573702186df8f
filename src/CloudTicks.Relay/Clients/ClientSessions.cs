using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>The clients that are connected, and the limits that those of one key share.</summary>
internal sealed class ClientSessions(IOptions<RelayOptions> options, SharedBuffers buffers)
{
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = [];
    private readonly Lock _admitting = new();
    private readonly Lock _dropping = new();
    private long _lastId;
    private int _count;

    public IReadOnlyList<ClientSession> All => [.. _sessions.Values.OrderBy(session => session.Id)];

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Counts one more connection, whether or not it will authenticate.</summary>
    /// <returns>False when there are too many in all.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= options.Value.MaxClients)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    public void Add(ClientSession session) => _sessions[session.Id] = session;

    public void Remove(ClientSession session) => _sessions.TryRemove(session.Id, out _);

    /// <summary>Lets a session in whose key is known, while its caller has connections left.</summary>
    public bool TryAdmit(ClientSession session)
    {
        lock (_admitting)
        {
            if (!session.IsAdmitted
                && Of(session.Caller).Count(other => other.IsAdmitted) >= options.Value.MaxConnectionsPerKey)
                return false;
            return session.IsAdmitted = true;
        }
    }

    /// <summary>Whether the sessions of a caller may subscribe to so many channels more.</summary>
    public bool HaveRoomFor(string caller, int channels) =>
        Of(caller).Sum(session => session.Channels) + channels <= options.Value.MaxSymbolsPerKey;

    /// <summary>Disconnects the client with the largest backlog, if what waits for all is above its bound.</summary>
    public void RelieveBuffers()
    {
        if (!buffers.IsFull)
            return;
        lock (_dropping)
        {
            if (buffers.IsFull)
                _sessions.Values.MaxBy(session => session.Waiting.Bytes)?.DropAsFurthestBehind();
        }
    }

    private IEnumerable<ClientSession> Of(string caller) => _sessions.Values.Where(session => session.Caller == caller);
}
