namespace CloudTicks.EventHub.Connections;

/// <summary>Bounds connections that have not logged in; the oldest is closed for a new one, so that strangers keep nobody out.</summary>
internal sealed class PendingLogins(int places)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _waiting = [];

    /// <summary>Lets one more wait.</summary>
    /// <param name="crowdedOut">Cancelled when it must go for another one; never disposed of by its owner.</param>
    /// <returns>Its place; disposed of when it has logged in or gone.</returns>
    public IDisposable Enter(CancellationTokenSource crowdedOut)
    {
        CancellationTokenSource? oldest = null;
        LinkedListNode<CancellationTokenSource> place;
        lock (_gate)
        {
            if (_waiting.Count == places)
            {
                oldest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }

            place = _waiting.AddLast(crowdedOut);
        }

        oldest?.Cancel();
        return new Place(this, place);
    }

    private sealed class Place(PendingLogins room, LinkedListNode<CancellationTokenSource> node) : IDisposable
    {
        public void Dispose()
        {
            lock (room._gate)
            {
                if (node.List is not null)
                {
                    room._waiting.Remove(node);
                }
            }
        }
    }
}
