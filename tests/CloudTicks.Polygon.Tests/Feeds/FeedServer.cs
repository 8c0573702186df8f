using CloudTicks.Polygon.Tests.Sessions;

namespace CloudTicks.Polygon.Tests.Feeds;

/// <summary>A server's view of its connections: the channels of each connection, and the requests in order.</summary>
internal sealed class FeedServer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FeedPeer, HashSet<string>> _heldChannels = [];
    private readonly List<(FeedPeer Peer, string Action, string Name)> _requests = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The channels of each open connection.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Held
    {
        get
        {
            lock (_lock)
            {
                return [.. _heldChannels.Values.Select(held => (IReadOnlyList<string>)[.. held.Order(StringComparer.Ordinal)])];
            }
        }
    }

    /// <summary>The channels of all acknowledged requests in order, each with its connection and the action.</summary>
    public IReadOnlyList<(FeedPeer Peer, string Action, string Name)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The highest number of channels that one connection has held at the same time.</summary>
    public int MaxHeldChannels { get; private set; }

    /// <summary>A script that acknowledges requests, unless the test provides another response.</summary>
    public async Task ServeAsync(FeedPeer peer, Func<FeedPeer, string, string[], string?>? answer = null)
    {
        lock (_lock)
        {
            _heldChannels.Add(peer, []);
        }

        try
        {
            await peer.ServeAsync((action, names) => answer?.Invoke(peer, action, names) ?? RecordRequest(peer, action, names));
        }
        finally
        {
            lock (_lock)
            {
                _heldChannels.Remove(peer);
            }

            SignalChange();
        }
    }

    /// <summary>Waits until the held channels meet a condition.</summary>
    public async Task UntilHeldAsync(Func<IReadOnlyList<IReadOnlyList<string>>, bool> reached)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (reached(Held))
            {
                return;
            }

            await changed.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    private string? RecordRequest(FeedPeer peer, string action, string[] names)
    {
        if (action == "auth")
        {
            return null;
        }

        lock (_lock)
        {
            foreach (var name in names)
            {
                _requests.Add((peer, action, name));
                _ = action == "subscribe" ? _heldChannels[peer].Add(name) : _heldChannels[peer].Remove(name);
            }

            MaxHeldChannels = Math.Max(MaxHeldChannels, _heldChannels[peer].Count);
        }

        SignalChange();
        return null;
    }

    private void SignalChange()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}
