namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Limits the connections that have not logged in. At the limit, a new connection closes the oldest, so that unauthenticated connections
/// cannot block other clients.
/// </summary>
internal sealed class PendingLogins(int maxLogins)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _waitingLogins = [];

    /// <summary>Adds a connection.</summary>
    /// <param name="eviction">
    /// Cancelled when the connection must close to make room for a new one. Never disposed, so that it can be cancelled at any time.
    /// </param>
    /// <returns>The connection's slot, to be disposed after the login or when the connection ends.</returns>
    public IDisposable Enter(CancellationTokenSource eviction)
    {
        CancellationTokenSource? oldest = null;
        LinkedListNode<CancellationTokenSource> slot;
        lock (_gate)
        {
            if (_waitingLogins.Count == maxLogins)
            {
                oldest = _waitingLogins.First!.Value;
                _waitingLogins.RemoveFirst();
            }

            slot = _waitingLogins.AddLast(eviction);
        }

        oldest?.Cancel();
        return new Slot(this, slot);
    }

    private sealed class Slot(PendingLogins owner, LinkedListNode<CancellationTokenSource> node) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                if (node.List is not null)
                {
                    owner._waitingLogins.Remove(node);
                }
            }
        }
    }
}
