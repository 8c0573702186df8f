using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>Tracks the connected clients, and enforces the limits per key.</summary>
internal sealed class ClientSessions(IOptions<RelayOptions> options, SharedBuffers buffers)
{
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = [];
    private readonly Lock _admissionLock = new();
    private readonly Lock _dropLock = new();
    private long _lastId;
    private int _count;

    public IReadOnlyList<ClientSession> All => [.. _sessions.Values.OrderBy(session => session.Id)];

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Counts a new connection, before it authenticates.</summary>
    /// <returns>False when the maximum number of connections is reached.</returns>
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

    /// <summary>Admits an authenticated session, unless its key has reached the maximum number of connections.</summary>
    public bool TryAdmit(ClientSession session)
    {
        lock (_admissionLock)
        {
            if (!session.IsAdmitted
                && Of(session.Caller).Count(other => other.IsAdmitted) >= options.Value.MaxConnectionsPerKey)
                return false;
            return session.IsAdmitted = true;
        }
    }

    /// <summary>Whether a caller's sessions together may subscribe to this number of additional channels.</summary>
    public bool HasRoomFor(string caller, int channels) =>
        Of(caller).Sum(session => session.Channels) + channels <= options.Value.MaxSymbolsPerKey;

    /// <summary>Disconnects the client with the largest backlog, if the shared buffers exceed their bound.</summary>
    public void RelieveBuffers()
    {
        if (!buffers.IsFull)
            return;
        lock (_dropLock)
        {
            if (buffers.IsFull)
                _sessions.Values.MaxBy(session => session.Waiting.Bytes)?.DropForLargestBacklog();
        }
    }

    private IEnumerable<ClientSession> Of(string caller) => _sessions.Values.Where(session => session.Caller == caller);
}
