using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Feeds;

/// <summary>
/// All connections of one market. The channels are spread over as many connections as the settings want and the server allows; those that
/// move are subscribed at their new place before they are given up at the old one. Everything that is wanted and not acknowledged is
/// asked for again, for ever. Its methods may be called at any time, by anyone.
/// </summary>
public sealed class MarketFeed : IConnectionOwner
{
    private const int MostNamed = 20;

    private readonly Lock _gate = new();
    private readonly ConnectionServices _services;
    private readonly IOptionsMonitor<PolygonOptions> _monitor;
    private readonly SlotPool _pool;
    private readonly CoverageTracker _coverage;
    private readonly Dictionary<int, PolygonConnection> _connections = [];
    private readonly List<PolygonConnection> _open = [];
    private readonly WakeSignal _changed;
    private IReadOnlyCollection<Channel> _wanted = [];
    private IReadOnlySet<int>? _heldSlots;
    private ConnectionPlan _plan = ConnectionPlan.Empty;
    private PolygonOptions _options;
    private string? _failure;
    private int _leftOut;
    private long _retiredOutages;
    private long _retiredOutageMs;
    private bool _running;

    internal MarketFeed(
        Market market, ConnectionServices services, IOptionsMonitor<PolygonOptions> options, ILearntLimits limits,
        Action<IReadOnlyList<CoverageChange>> onCoverage)
    {
        (Market, _services, _monitor, _options) = (market, services, options, options.CurrentValue);
        _pool = new SlotPool(market, limits, services.Timings, services.Time, services.Logger);
        _coverage = new CoverageTracker(onCoverage);
        _changed = new WakeSignal(services.Time);
    }

    /// <summary>The market.</summary>
    public Market Market { get; }

    /// <summary>How many connections the wanted symbols are spread over, those of other collectors included.</summary>
    public int SlotCount
    {
        get
        {
            lock (_gate)
            {
                return _plan.Slots.Count;
            }
        }
    }

    /// <summary>Replaces what is wanted. Only the difference is subscribed and unsubscribed.</summary>
    /// <param name="wanted">All channels, of this market.</param>
    public void SetChannels(IReadOnlyCollection<Channel> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Any(channel => channel.Symbol.Market != Market))
        {
            throw new ArgumentException($"The feed of {Market.Path()} has symbols of that market only.", nameof(wanted));
        }

        lock (_gate)
        {
            _wanted = [.. wanted.Distinct()];
            Plan();
        }
    }

    /// <summary>
    /// Which of the connections this collector has, where several share them. Then all that the settings allow are used, so that there is something to share.
    /// </summary>
    /// <param name="held">Their numbers, from 0; all of them, and as few as the symbols need, when null.</param>
    public void SetSlots(IReadOnlySet<int>? held)
    {
        lock (_gate)
        {
            _heldSlots = held;
            Plan();
        }
    }

    /// <summary>The channels that this collector is to hold.</summary>
    public IReadOnlyCollection<Channel> HeldChannels
    {
        get
        {
            lock (_gate)
            {
                return [.. _plan.Targets.Keys];
            }
        }
    }

    /// <summary>The channels that some of the connections would hold, where several collectors share them; nothing changes.</summary>
    /// <param name="held">The connections.</param>
    /// <param name="wanted">All channels, of this market; those that are wanted now when null.</param>
    public IReadOnlyCollection<Channel> Preview(IReadOnlySet<int> held, IReadOnlyCollection<Channel>? wanted)
    {
        lock (_gate)
        {
            var channels = wanted ?? _wanted;
            var slots = _pool.Choose(channels.Select(channel => channel.Symbol).Distinct().Count(), _options, shared: true);
            return slots.Count == 0 ? [] : [.. ConnectionPlan.Create(Market, channels, slots, _options.SymbolsPerConnection).Targets
                .Where(target => held.Contains(target.Value)).Select(target => target.Key)];
        }
    }

    /// <summary>Whether connections that were given up are still being closed.</summary>
    public bool IsClosing
    {
        get
        {
            lock (_gate)
            {
                return _open.Exists(connection => _connections.GetValueOrDefault(connection.Slot) != connection);
            }
        }
    }

    /// <summary>Ends the session that holds a channel, and begins another at once; its other channels come along.</summary>
    /// <param name="channel">A channel that brings nothing though it should.</param>
    /// <param name="why">Goes into the log and the gap's detail.</param>
    public void Reconnect(Channel channel, string why)
    {
        lock (_gate)
        {
            if (_plan.Targets.TryGetValue(channel, out var slot) && _connections.TryGetValue(slot, out var connection))
            {
                connection.Reconnect(why);
            }
        }
    }

    /// <summary>The number of the connection that is to hold a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <returns>Null when it is none of this collector's.</returns>
    public int? SlotOf(Channel channel)
    {
        lock (_gate)
        {
            return _plan.Targets.TryGetValue(channel, out var slot) && _connections.ContainsKey(slot) ? slot : null;
        }
    }

    /// <summary>Where the connections stand.</summary>
    /// <returns>A picture of the moment.</returns>
    public MarketFeedStatus GetStatus()
    {
        lock (_gate)
        {
            var connections = _connections.Values.OrderBy(connection => connection.Slot).ToArray();
            var troubles = connections.SelectMany(connection => connection.Book.Troubles()).ToArray();
            var nowMs = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            return new MarketFeedStatus
            {
                IsConnected = _running && _failure is null && connections.All(connection => connection.State == ConnectionState.Open),
                Failure = _failure,
                Connections = [.. connections.Select(connection => new ConnectionStatus(
                    connection.Slot, connection.State, connection.StateSinceMs, connection.Book.WantedCount, connection.Book.AcknowledgedCount,
                    nowMs - connection.LastMessageMs))],
                Missing = [.. troubles.Where(trouble => trouble.Trouble.Kind == TroubleKind.Missing).Select(trouble => trouble.Channel.ToString()).Order(StringComparer.Ordinal)],
                Refused = troubles.Where(trouble => trouble.Trouble.Kind != TroubleKind.Missing)
                    .ToDictionary(trouble => trouble.Channel.ToString(), trouble => trouble.Trouble.Message),
                LeftOut = [.. _plan.LeftOut.Select(symbol => symbol.Name)],
                LearntLimit = _pool.Limit,
                Outages = _retiredOutages + connections.Sum(connection => connection.Outages),
                OutageMs = _retiredOutageMs + connections.Sum(connection => connection.OutageMs),
            };
        }
    }

    /// <summary>Holds the connections until stopped; then closes them, within about a second.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var following = _monitor.OnChange((options, _) => SetOptions(options));
        SetOptions(_monitor.CurrentValue);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Dictionary<PolygonConnection, Task>();
        lock (_gate)
        {
            _pool.Load();
            Plan();
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                foreach (var connection in NotRunning(running))
                {
                    running.Add(connection, RunAsync(connection, stopping.Token));
                }

                foreach (var (connection, task) in running.Where(pair => pair.Value.IsCompleted).ToArray())
                {
                    await task;
                    running.Remove(connection);
                }

                await _changed.WaitAsync(UntilTriedAgain(), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(running.Values);
            lock (_gate)
            {
                _running = false;
            }
        }
    }

    /// <inheritdoc/>
    void IConnectionOwner.OnSubscribed(PolygonConnection connection, Channel channel)
    {
        lock (_gate)
        {
            if (!_plan.Targets.TryGetValue(channel, out var target))
            {
                // No longer wanted; it is unsubscribed at once.
                return;
            }

            var nowMs = NowMs();
            _coverage.Begin([channel], connection, nowMs);
            if (target != connection.Slot)
            {
                return;
            }

            foreach (var old in _coverage.Holders(channel).Where(holder => holder != connection))
            {
                _coverage.End([channel], old, nowMs, LossCause.Unsubscribed, "moved to another connection");
                old.Wake();
                if (old.Book.Release(channel) == 0 && _connections.GetValueOrDefault(old.Slot) == old)
                {
                    Remove(old);
                }
            }
        }
    }

    /// <inheritdoc/>
    void IConnectionOwner.OnLost(PolygonConnection connection, IReadOnlyList<Channel> held, long lastMessageMs, SessionEnd end)
    {
        lock (_gate)
        {
            var cause = end.Reason switch
            {
                SessionEndReason.Stale or SessionEndReason.NoPong => LossCause.Stale,
                SessionEndReason.MaxConnections => LossCause.ConnectionLimit,
                _ => LossCause.Disconnected,
            };
            _coverage.End(held, connection, lastMessageMs, cause, end.Message);
            if (_connections.GetValueOrDefault(connection.Slot) == connection)
            {
                Give(connection);
            }
        }
    }

    /// <inheritdoc/>
    void IConnectionOwner.OnNoRoom(PolygonConnection connection)
    {
        lock (_gate)
        {
            // What is about to move away from a full connection goes first: two full ones would wait for each other for ever.
            var moving = connection.Book.Held().Where(channel => _plan.Targets.TryGetValue(channel, out var slot) && slot != connection.Slot).ToArray();
            _coverage.End(moving, connection, NowMs(), LossCause.ConnectionLimit, "its old connection had to make room");
            connection.Book.SetWanted(TargetsOf(connection.Slot));
        }
    }

    /// <inheritdoc/>
    bool IConnectionOwner.OnConnectionLimit(PolygonConnection connection, string message)
    {
        lock (_gate)
        {
            var before = _plan.Slots.Count;
            if (_heldSlots is not null || !_pool.Shrink(connection.Slot, _options))
            {
                _services.Logger.KeyUsedElsewhere(connection.Label, message);
                return true;
            }

            _services.Logger.FewerConnections(Market.Path(), before, before - 1, message, _services.Timings.LimitHolds.TotalMinutes);
            Remove(connection);
            Plan();
            return false;
        }
    }

    /// <inheritdoc/>
    void IConnectionOwner.OnKeyRefused(string message)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = $"Polygon refused the {Market.Path()} feed: {message}. Check {PolygonApiKey.Setting}, and that the plan includes "
                + "the market and real-time data; it is not tried again before the settings change or the collector starts anew.";
            _services.Logger.AuthenticationFailed(_failure);
            foreach (var connection in _connections.Values)
            {
                connection.GiveUp();
            }
        }
    }

    private void SetOptions(PolygonOptions options)
    {
        lock (_gate)
        {
            if (options == _options)
            {
                return;
            }

            var moved = options.Endpoint != _options.Endpoint;
            (_options, _failure) = (options, null);
            foreach (var connection in _connections.Values.ToArray())
            {
                // One that still stands goes on; one that ended makes room for another.
                connection.IsGivenUp = false;
                if (connection.State == ConnectionState.Ended)
                {
                    Remove(connection);
                }
                else if (moved)
                {
                    connection.Reconnect("Polygon:Endpoint has changed");
                }
            }

            Plan();
        }
    }

    /// <summary>Spreads what is wanted, and tells each connection what it is to hold.</summary>
    private void Plan()
    {
        var symbols = _wanted.Select(channel => channel.Symbol).Distinct().Count();
        var slots = _pool.Choose(symbols, _options, _heldSlots is not null);
        var all = slots.Count == 0 ? ConnectionPlan.Empty : ConnectionPlan.Create(Market, _wanted, slots, _options.SymbolsPerConnection);
        _plan = _heldSlots is not { } held ? all : all with
        {
            Targets = all.Targets.Where(target => held.Contains(target.Value)).ToDictionary(),
        };
        SayLeftOut();
        var nowMs = NowMs();
        _coverage.Forget(_coverage.Covered().Where(channel => !_plan.Targets.ContainsKey(channel)), nowMs);
        foreach (var slot in _plan.Targets.Values.Distinct().Where(slot => !_connections.ContainsKey(slot)).ToArray())
        {
            if (_failure is null)
            {
                _connections.Add(slot, new PolygonConnection(Market, slot, _gate, _services, () => _options, this));
            }
        }

        foreach (var connection in _connections.Values.ToArray())
        {
            // What is wanted again before it was unsubscribed is still held.
            _coverage.Begin(connection.Book.Held().Where(_plan.Targets.ContainsKey).Where(channel => !_coverage.IsCovered(channel)), connection, nowMs);
            Give(connection);
        }

        _changed.Set();
    }

    /// <summary>What a connection is to hold: its own, and what it still has of others that do not have it yet.</summary>
    private void Give(PolygonConnection connection)
    {
        var moving = connection.Book.Held().Where(channel => _plan.Targets.TryGetValue(channel, out var slot) && slot != connection.Slot
            && !(_connections.TryGetValue(slot, out var target) && target.Book.Holds(channel)));
        Channel[] wanted = [.. TargetsOf(connection.Slot), .. moving];
        connection.Book.SetWanted(wanted);
        connection.Wake();
        if (wanted.Length == 0)
        {
            Remove(connection);
        }
    }

    private IEnumerable<Channel> TargetsOf(int slot) => _wanted.Where(channel => _plan.Targets.TryGetValue(channel, out var target) && target == slot);

    private void Remove(PolygonConnection connection)
    {
        _connections.Remove(connection.Slot);
        _retiredOutages += connection.Outages;
        _retiredOutageMs += connection.OutageMs;
        connection.Retire();
        _changed.Set();
    }

    private List<PolygonConnection> NotRunning(Dictionary<PolygonConnection, Task> running)
    {
        lock (_gate)
        {
            _running = true;
            if (UntilTriedAgain() == TimeSpan.Zero)
            {
                Plan();
            }

            return [.. _connections.Values.Where(connection => !connection.IsGivenUp && !running.ContainsKey(connection))];
        }
    }

    private async Task RunAsync(PolygonConnection connection, CancellationToken stopping)
    {
        try
        {
            lock (_gate)
            {
                _open.Add(connection);
            }

            await connection.RunAsync(stopping);
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(connection);
            }

            _changed.Set();
        }
    }

    private TimeSpan? UntilTriedAgain()
    {
        lock (_gate)
        {
            return _heldSlots is null && _pool.TryAgainAt - _services.Time.GetUtcNow() is { } wait ? wait > TimeSpan.Zero ? wait : TimeSpan.Zero : null;
        }
    }

    private void SayLeftOut()
    {
        if (_plan.LeftOut.Count > 0 && _plan.LeftOut.Count != _leftOut)
        {
            var names = string.Join(", ", _plan.LeftOut.Take(MostNamed)) + (_plan.LeftOut.Count > MostNamed ? ", ..." : "");
            _services.Metrics.LeftOut(Market, _plan.LeftOut.Count);
            _services.Logger.LeftOut(_plan.LeftOut.Count, Market.Path(), _plan.Slots.Count, _plan.Capacity, names);
        }

        _leftOut = _plan.LeftOut.Count;
    }

    private long NowMs() => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
