using CloudTicks.Foundations;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Polygon.Feeds;

/// <summary>
/// Manages a market's connections and their channels. A moved channel is subscribed on its new connection before the old one unsubscribes,
/// unless the server accepts no further channels on the old one. Callers must hold the feed's lock; the methods of
/// <see cref="IConnectionOwner"/> acquire it themselves.
/// </summary>
internal sealed class FeedConnections : IConnectionOwner
{
    private const int MaxNames = 20;

    private readonly Market _market;
    private readonly Lock _gate;
    private readonly ConnectionServices _services;
    private readonly SlotPool _pool;
    private readonly CoverageTracker _coverage;
    private readonly WakeSignal _changed;
    private readonly Dictionary<int, PolygonConnection> _connections = [];
    private ConnectionPlan _plan = ConnectionPlan.Empty;
    private IReadOnlyCollection<FeedChannel> _wanted = [];
    private IReadOnlySet<int>? _heldSlots;
    private PolygonOptions _options;
    private int _leftOut;
    private long _retiredOutages;
    private long _retiredOutageMs;

    public FeedConnections(
        Market market, Lock gate, ConnectionServices services, PolygonOptions options, SlotPool pool, CoverageTracker coverage,
        WakeSignal changed)
    {
        (_market, _gate, _services, _options) = (market, gate, services, options);
        (_pool, _coverage, _changed) = (pool, coverage, changed);
    }

    public IReadOnlyDictionary<int, PolygonConnection> Current => _connections;

    public ConnectionPlan Plan => _plan;

    /// <summary>All wanted channels, including those of other collectors.</summary>
    public IReadOnlyCollection<FeedChannel> Wanted => _wanted;

    /// <summary>Why Polygon permanently refuses the market; null when it does not.</summary>
    public string? Failure { get; private set; }

    /// <summary>The number of outages, and their total length in ms, including those of removed connections.</summary>
    public (long Count, long Ms) Outages => (
        _retiredOutages + _connections.Values.Sum(connection => connection.Outages),
        _retiredOutageMs + _connections.Values.Sum(connection => connection.OutageMs));

    /// <summary>The time until a further connection is tried: zero when it is due, null when none is planned.</summary>
    public TimeSpan? UntilRetry =>
        _heldSlots is null && _pool.RetryAt - _services.Time.GetUtcNow() is { } wait ? wait > TimeSpan.Zero ? wait : TimeSpan.Zero
            : null;

    public void SetWanted(IReadOnlyCollection<FeedChannel> wanted)
    {
        _wanted = [.. wanted.Distinct()];
        Distribute();
    }

    public void SetSlots(IReadOnlySet<int>? held)
    {
        _heldSlots = held;
        Distribute();
    }

    /// <summary>
    /// Returns the channels that this collector would hold if it held the connections <paramref name="held"/> of a group.
    /// </summary>
    public IReadOnlyCollection<FeedChannel> Preview(IReadOnlySet<int> held, IReadOnlyCollection<FeedChannel> channels)
    {
        var slots = _pool.Choose(channels.Select(channel => channel.Symbol).Distinct().Count(), _options, shared: true);
        return slots.Count == 0 ? [] : [.. ConnectionPlan.Create(_market, channels, slots, _options.SymbolsPerConnection).Targets
            .Where(target => held.Contains(target.Value)).Select(target => target.Key)];
    }

    /// <summary>Applies new settings, and clears a refusal by Polygon.</summary>
    public void SetOptions(PolygonOptions options)
    {
        if (options == _options)
        {
            return;
        }

        var hasNewEndpoint = options.Endpoint != _options.Endpoint;
        (_options, Failure) = (options, null);
        foreach (var connection in _connections.Values.ToArray())
        {
            // A running connection continues; an ended connection is replaced.
            connection.IsGivenUp = false;
            if (connection.State == ConnectionState.Ended)
            {
                Remove(connection);
            }
            else if (hasNewEndpoint)
            {
                connection.Reconnect("Polygon:Endpoint has changed");
            }
        }

        Distribute();
    }

    /// <summary>Assigns the wanted channels to connections.</summary>
    public void Distribute()
    {
        var symbolCount = _wanted.Select(channel => channel.Symbol).Distinct().Count();
        var slots = _pool.Choose(symbolCount, _options, _heldSlots is not null);
        var plan = slots.Count == 0 ? ConnectionPlan.Empty : ConnectionPlan.Create(_market, _wanted, slots, _options.SymbolsPerConnection);
        _plan = _heldSlots is not { } held ? plan : plan with
        {
            Targets = plan.Targets.Where(target => held.Contains(target.Value)).ToDictionary(),
        };
        LogLeftOut();
        var nowMs = NowMs();
        _coverage.Forget(_coverage.Covered().Where(channel => !_plan.Targets.ContainsKey(channel)), nowMs);
        foreach (var slot in _plan.Targets.Values.Distinct().Where(slot => !_connections.ContainsKey(slot)).ToArray())
        {
            if (Failure is null)
            {
                _connections.Add(slot, new PolygonConnection(_market, slot, _gate, _services, () => _options, this));
            }
        }

        foreach (var connection in _connections.Values.ToArray())
        {
            // A channel that is wanted again before it was unsubscribed is still held.
            _coverage.Begin(
                connection.Book.Held().Where(_plan.Targets.ContainsKey).Where(channel => !_coverage.IsCovered(channel)), connection, nowMs);
            AssignTo(connection);
        }

        _changed.Set();
    }

    void IConnectionOwner.OnSubscribed(PolygonConnection connection, FeedChannel channel)
    {
        lock (_gate)
        {
            if (!_plan.Targets.TryGetValue(channel, out var target))
            {
                // The channel is no longer wanted and will be unsubscribed.
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

    void IConnectionOwner.OnTakenBack(PolygonConnection connection, FeedChannel channel)
    {
        lock (_gate)
        {
            _coverage.End([channel], connection, NowMs(), LossCause.TakenBack, "the server ended the subscription by itself");
        }
    }

    void IConnectionOwner.OnLost(PolygonConnection connection, IReadOnlyList<FeedChannel> held, long lastMessageMs, SessionEnd end)
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
                AssignTo(connection);
            }
        }
    }

    void IConnectionOwner.OnNoRoom(PolygonConnection connection)
    {
        lock (_gate)
        {
            // Release the channels that move away before their new connections hold them. Otherwise two full connections would wait for
            // each other forever.
            var moving = connection.Book.Held()
                .Where(channel => _plan.Targets.TryGetValue(channel, out var slot) && slot != connection.Slot).ToArray();
            _coverage.End(moving, connection, NowMs(), LossCause.ConnectionLimit, "its old connection released it to make room");
            connection.Book.SetWanted(TargetsOf(connection.Slot));
        }
    }

    bool IConnectionOwner.OnConnectionLimit(PolygonConnection connection, string message)
    {
        lock (_gate)
        {
            var count = _plan.Slots.Count;
            if (_heldSlots is not null || !_pool.Shrink(connection.Slot, _options))
            {
                _services.Logger.KeyUsedElsewhere(connection.Label, message);
                return true;
            }

            _services.Logger.FewerConnections(_market.Path(), count, count - 1, message, _services.Timings.LimitLifetime.TotalMinutes);
            Remove(connection);
            Distribute();
            return false;
        }
    }

    void IConnectionOwner.OnKeyRefused(string message)
    {
        lock (_gate)
        {
            if (Failure is not null)
            {
                return;
            }

            Failure = $"Polygon refused the {_market.Path()} feed: {message}. Check {PolygonApiKey.Setting}, and that the plan includes "
                + "the market and real-time data; then change the settings or restart the collector.";
            _services.Logger.AuthenticationFailed(Failure);
            foreach (var connection in _connections.Values)
            {
                connection.GiveUp();
            }
        }
    }

    /// <summary>
    /// Sets a connection's channels: those assigned to it, and those that are moving to another connection that does not hold them yet.
    /// </summary>
    private void AssignTo(PolygonConnection connection)
    {
        var moving = connection.Book.Held().Where(channel => _plan.Targets.TryGetValue(channel, out var slot) && slot != connection.Slot
            && !(_connections.TryGetValue(slot, out var target) && target.Book.Holds(channel)));
        FeedChannel[] wanted = [.. TargetsOf(connection.Slot), .. moving];
        connection.Book.SetWanted(wanted);
        connection.Wake();
        if (wanted.Length == 0)
        {
            Remove(connection);
        }
    }

    private IEnumerable<FeedChannel> TargetsOf(int slot) =>
        _wanted.Where(channel => _plan.Targets.TryGetValue(channel, out var target) && target == slot);

    private void Remove(PolygonConnection connection)
    {
        _connections.Remove(connection.Slot);
        _retiredOutages += connection.Outages;
        _retiredOutageMs += connection.OutageMs;
        connection.Retire();
        _changed.Set();
    }

    private void LogLeftOut()
    {
        if (_plan.LeftOut.Count > 0 && _plan.LeftOut.Count != _leftOut)
        {
            var names = string.Join(", ", _plan.LeftOut.Take(MaxNames)) + (_plan.LeftOut.Count > MaxNames ? ", ..." : "");
            _services.Metrics.LeftOut(_market, _plan.LeftOut.Count);
            _services.Logger.LeftOut(_plan.LeftOut.Count, _market.Path(), _plan.Slots.Count, _plan.Capacity, names);
        }

        _leftOut = _plan.LeftOut.Count;
    }

    private long NowMs() => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
