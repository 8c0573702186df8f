using CloudTicks.Foundations;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Feeds;

/// <summary>
/// All connections of one market. The channels are distributed over as many connections as the settings and the server allow. A channel
/// that moves is normally subscribed on its new connection before the old one unsubscribes. Subscriptions that the server does not
/// acknowledge are repeated indefinitely. Thread-safe.
/// </summary>
public sealed class MarketFeed
{
    private readonly Lock _gate = new();
    private readonly ConnectionServices _services;
    private readonly IOptionsMonitor<PolygonOptions> _monitor;
    private readonly SlotPool _pool;
    private readonly FeedConnections _connections;
    private readonly List<PolygonConnection> _openConnections = [];
    private readonly WakeSignal _changed = new();
    private bool _isRunning;

    internal MarketFeed(
        Market market, ConnectionServices services, IOptionsMonitor<PolygonOptions> options, ILearntLimits limits,
        Action<IReadOnlyList<CoverageChange>> onCoverage)
    {
        (Market, _services, _monitor) = (market, services, options);
        _pool = new SlotPool(market, limits, services.Timings, services.Time, services.Logger);
        _connections = new FeedConnections(market, _gate, services, options.CurrentValue, _pool, new CoverageTracker(onCoverage), _changed);
    }

    /// <summary>The market.</summary>
    public Market Market { get; }

    /// <summary>The number of connections over which the wanted symbols are distributed, including those of other collectors.</summary>
    public int SlotCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Plan.Slots.Count;
            }
        }
    }

    /// <summary>Replaces the wanted channels. Only the difference is subscribed and unsubscribed.</summary>
    public void SetChannels(IReadOnlyCollection<FeedChannel> wanted)
    {
        if (wanted.Any(channel => channel.Symbol.Market != Market))
        {
            throw new ArgumentException($"The feed of {Market.Path()} accepts only symbols of that market.", nameof(wanted));
        }

        lock (_gate)
        {
            _connections.SetWanted(wanted);
        }
    }

    /// <summary>
    /// Sets which connections this collector holds, if several share them. Shared connections are all used, up to the configured maximum,
    /// so that each collector can hold some.
    /// </summary>
    /// <param name="held">
    /// The numbers of the held connections, from 0; null to hold all, in which case only as many are used as the symbols need.
    /// </param>
    public void SetSlots(IReadOnlySet<int>? held)
    {
        lock (_gate)
        {
            _connections.SetSlots(held);
        }
    }

    /// <summary>The channels assigned to this collector.</summary>
    public IReadOnlyCollection<FeedChannel> HeldChannels
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections.Plan.Targets.Keys];
            }
        }
    }

    /// <summary>
    /// Returns the channels that this collector would hold if it held the connections <paramref name="held"/> of a group. Changes nothing.
    /// </summary>
    /// <param name="wanted">All channels of this market; null for the currently wanted channels.</param>
    public IReadOnlyCollection<FeedChannel> Preview(IReadOnlySet<int> held, IReadOnlyCollection<FeedChannel>? wanted)
    {
        lock (_gate)
        {
            return _connections.Preview(held, wanted ?? _connections.Wanted);
        }
    }

    /// <summary>Whether released connections are still closing.</summary>
    public bool IsClosing
    {
        get
        {
            lock (_gate)
            {
                return _openConnections.Exists(connection => _connections.Current.GetValueOrDefault(connection.Slot) != connection);
            }
        }
    }

    /// <summary>Restarts the session that holds a channel, with all its channels.</summary>
    /// <param name="reason">The reason, for the log and for the detail of the gap.</param>
    public void Reconnect(FeedChannel channel, string reason)
    {
        lock (_gate)
        {
            if (_connections.Plan.Targets.TryGetValue(channel, out var slot) && _connections.Current.TryGetValue(slot, out var connection))
            {
                connection.Reconnect(reason);
            }
        }
    }

    /// <summary>The number of the connection to which a channel is assigned.</summary>
    /// <returns>Null when the channel is not assigned to this collector, or its connection does not exist.</returns>
    public int? SlotOf(FeedChannel channel)
    {
        lock (_gate)
        {
            return _connections.Plan.Targets.TryGetValue(channel, out var slot) && _connections.Current.ContainsKey(slot) ? slot : null;
        }
    }

    /// <summary>The status of the connections.</summary>
    public MarketFeedStatus GetStatus()
    {
        lock (_gate)
        {
            var connections = _connections.Current.Values.OrderBy(connection => connection.Slot).ToArray();
            var problems = connections.SelectMany(connection => connection.Book.Problems()).ToArray();
            var nowMs = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            return new MarketFeedStatus
            {
                IsConnected = _isRunning && _connections.Failure is null
                    && connections.All(connection => connection.State == ConnectionState.Open),
                Failure = _connections.Failure,
                Connections = [.. connections.Select(connection => new ConnectionStatus(
                    connection.Slot, connection.State, connection.StateSinceMs, connection.Book.WantedCount,
                    connection.Book.AcknowledgedCount,
                    nowMs - connection.LastMessageMs))],
                Missing = [.. problems.Where(trouble => trouble.Problem.Kind == ChannelProblemKind.Missing)
                    .Select(trouble => trouble.Channel.ToString()).Order(StringComparer.Ordinal)],
                Refused = problems.Where(trouble => trouble.Problem.Kind != ChannelProblemKind.Missing)
                    .ToDictionary(trouble => trouble.Channel.ToString(), trouble => trouble.Problem.Message),
                LeftOut = [.. _connections.Plan.LeftOut.Select(symbol => symbol.Name)],
                LearntLimit = _pool.Limit,
                Outages = _connections.Outages.Count,
                OutageMs = _connections.Outages.Ms,
            };
        }
    }

    /// <summary>Runs the connections until stopped, then closes them within about a second.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var subscription = _monitor.OnChange((options, _) => SetOptions(options));
        SetOptions(_monitor.CurrentValue);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Dictionary<PolygonConnection, Task>();
        lock (_gate)
        {
            _pool.Load();
            _connections.Distribute();
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                foreach (var connection in FindConnectionsToStart(running))
                {
                    var session = RunAsync(connection, stopping.Token);
                    running.Add(connection, session);
                    // Signal only after completion: a signal from inside the session could be handled before the task is completed.
                    _ = session.ContinueWith(
                        _ => _changed.Set(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }

                foreach (var (connection, task) in running.Where(pair => pair.Value.IsCompleted).ToArray())
                {
                    await task;
                    running.Remove(connection);
                }

                Task changed = _changed.WaitAsync(UntilRetry(), _services.Time, cancellationToken);
                await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(running.Values);
            lock (_gate)
            {
                _isRunning = false;
            }
        }
    }

    private List<PolygonConnection> FindConnectionsToStart(Dictionary<PolygonConnection, Task> running)
    {
        lock (_gate)
        {
            _isRunning = true;
            if (_connections.UntilRetry == TimeSpan.Zero)
            {
                _connections.Distribute();
            }

            return [.. _connections.Current.Values.Where(connection => !connection.IsGivenUp && !running.ContainsKey(connection))];
        }
    }

    private async Task RunAsync(PolygonConnection connection, CancellationToken stopping)
    {
        try
        {
            lock (_gate)
            {
                _openConnections.Add(connection);
            }

            await connection.RunAsync(stopping);
        }
        finally
        {
            lock (_gate)
            {
                _openConnections.Remove(connection);
            }
        }
    }

    private TimeSpan? UntilRetry()
    {
        lock (_gate)
        {
            return _connections.UntilRetry;
        }
    }

    private void SetOptions(PolygonOptions options)
    {
        lock (_gate)
        {
            _connections.SetOptions(options);
        }
    }
}
