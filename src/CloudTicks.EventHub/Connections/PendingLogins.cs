namespace CloudTicks.EventHub.Connections;

/// <summary>
/// Limits the connections that have not logged in. At the limit, a new connection closes the oldest, so that unauthenticated connections
/// cannot block other clients.
/// </summary>
internal sealed class PendingLogins(int maxLogins)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _waiting = [];

    /// <summary>Adds a connection.</summary>
    /// <param name="evicted">
    /// Cancelled when the connection must close to make room for a new one. Never disposed, so that it can be cancelled at any time.
    /// </param>
    /// <returns>The connection's slot, to be disposed after the login or when the connection ends.</returns>
    public IDisposable Enter(CancellationTokenSource evicted)
    {
        CancellationTokenSource? oldest = null;
        LinkedListNode<CancellationTokenSource> slot;
        lock (_gate)
        {
            if (_waiting.Count == maxLogins)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }

            slot = _waiting.AddLast(evicted);
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
                    owner._waiting.Remove(node);
                }
            }
        }
    }
}
