using CloudTicks.Foundations;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// The subscribers by symbol and kind. The tail holds the lock <see cref="DeliveryLock"/> while it delivers a batch of records, so that
/// subscriptions change only between batches.
/// </summary>
internal sealed class LiveChannels
{
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), LiveChannel> _channels = [];
    private readonly Dictionary<(Market Market, TickKind Kind), List<IEventSubscriber>> _wildcards = [];
    private readonly List<HeldChannel> _held = [];
    private readonly List<Action> _afterBatch = [];
    private bool _isInBatch;
    private volatile bool _hasSubscribers;

    /// <summary>The lock for all changes and for the delivery of a batch.</summary>
    public Lock DeliveryLock { get; } = new();

    /// <summary>
    /// Whether a client is subscribed to a channel, or is catching up on one. Changed only while holding <see cref="DeliveryLock"/>.
    /// </summary>
    public bool HasSubscribers => _hasSubscribers;

    /// <summary>Set when the first subscriber arrives or the last one leaves; the tail waits for this signal.</summary>
    public WakeSignal DemandChanged { get; } = new();

    /// <summary>
    /// Returns the channel of a symbol and kind; null when the channel has no receiver. The caller holds <see cref="DeliveryLock"/>.
    /// </summary>
    public LiveChannel? Find(Symbol symbol, TickKind kind)
    {
        if (!_channels.TryGetValue((symbol, kind), out var channel))
        {
            if (!_wildcards.ContainsKey((symbol.Market, kind)))
            {
                return null;
            }

            channel = Add(symbol, kind);
        }

        return channel.Subscribers.Length > 0 ? channel : null;
    }

    /// <summary>Begins a batch of records. The caller holds <see cref="DeliveryLock"/> until it calls <see cref="EndBatch"/>.</summary>
    public void BeginBatch() => _isInBatch = true;

    /// <summary>
    /// Ends a batch, and runs the actions of <see cref="RunAfterBatch"/>, with which subscribers send the batch's events.
    /// </summary>
    public void EndBatch()
    {
        _isInBatch = false;
        _afterBatch.ForEach(action => action());
        _afterBatch.Clear();
    }

    /// <summary>
    /// Runs an action after the current batch, or immediately when there is none. The caller holds <see cref="DeliveryLock"/>.
    /// </summary>
    public void RunAfterBatch(Action action)
    {
        if (_isInBatch)
        {
            _afterBatch.Add(action);
        }
        else
        {
            action();
        }
    }

    /// <summary>The symbols that clients have subscribed to by name, or are catching up on.</summary>
    public HashSet<Symbol> NamedSymbols()
    {
        lock (DeliveryLock)
        {
            return
            [
                .. _channels.Values.Where(channel => channel.NamedSubscribers.Count > 0).Select(channel => channel.Symbol),
                .. _held.Select(held => held.Selector.Symbol).OfType<Symbol>(),
            ];
        }
    }

    public void Subscribe(IEventSubscriber subscriber, Symbol symbol, TickKind kind)
    {
        lock (DeliveryLock)
        {
            var channel = _channels.GetValueOrDefault((symbol, kind)) ?? Add(symbol, kind);
            if (!channel.NamedSubscribers.Contains(subscriber))
            {
                channel.NamedSubscribers.Add(subscriber);
                UpdateSubscribers(channel);
                UpdateDemand();
            }
        }
    }

    /// <summary>Subscribes to all channels of a market and kind, existing and future ones.</summary>
    public void SubscribeAll(IEventSubscriber subscriber, Market market, TickKind kind)
    {
        lock (DeliveryLock)
        {
            if (!_wildcards.TryGetValue((market, kind), out var subscribers))
            {
                _wildcards.Add((market, kind), subscribers = []);
            }

            if (!subscribers.Contains(subscriber))
            {
                subscribers.Add(subscriber);
                UpdateSubscribers(new ChannelSelector(market, kind, null));
                UpdateDemand();
            }
        }
    }

    public void Subscribe(IEventSubscriber subscriber, ChannelSelector selector)
    {
        if (selector.Symbol is { } symbol)
        {
            Subscribe(subscriber, symbol, selector.Kind);
        }
        else
        {
            SubscribeAll(subscriber, selector.Market, selector.Kind);
        }
    }

    /// <summary>Ends a subscription to one channel; a wildcard that covers the channel remains.</summary>
    public void Unsubscribe(IEventSubscriber subscriber, Symbol symbol, TickKind kind)
    {
        lock (DeliveryLock)
        {
            Withdraw(subscriber, ChannelSelector.Of(symbol, kind));
            if (_channels.TryGetValue((symbol, kind), out var channel) && channel.NamedSubscribers.Remove(subscriber))
            {
                UpdateSubscribers(channel);
                UpdateDemand();
            }
        }
    }

    /// <summary>
    /// Ends the subscription to all channels of a market and kind, and the subscriptions by name to any of these channels.
    /// </summary>
    public void UnsubscribeAll(IEventSubscriber subscriber, Market market, TickKind kind)
    {
        lock (DeliveryLock)
        {
            var selector = new ChannelSelector(market, kind, null);
            Withdraw(subscriber, selector);
            Remove(subscriber, selector);
            UpdateDemand();
        }
    }

    /// <summary>Ends all subscriptions of a subscriber.</summary>
    public void Remove(IEventSubscriber subscriber)
    {
        lock (DeliveryLock)
        {
            foreach (var held in _held.Where(held => held.Subscriber == subscriber))
            {
                held.Withdraw();
            }

            foreach (var (market, kind) in _wildcards.Keys.Concat(_channels.Keys.Select(key => (key.Symbol.Market, key.Kind))).Distinct()
                .ToArray())
            {
                Remove(subscriber, new ChannelSelector(market, kind, null));
            }

            UpdateDemand();
        }
    }

    /// <summary>Withholds the live events of a channel from a subscriber that is catching up on it, until <see cref="Release"/>.</summary>
    public HeldChannel Hold(IEventSubscriber subscriber, ChannelSelector selector)
    {
        lock (DeliveryLock)
        {
            var held = new HeldChannel(subscriber, selector);
            _held.Add(held);
            UpdateSubscribers(selector);
            UpdateDemand();
            return held;
        }
    }

    /// <summary>Ends a <see cref="Hold"/>: the subscriber can receive live events of the channel again.</summary>
    public void Release(HeldChannel held)
    {
        lock (DeliveryLock)
        {
            if (_held.Remove(held))
            {
                UpdateSubscribers(held.Selector);
                UpdateDemand();
            }
        }
    }

    /// <summary>Warns the subscribers of the affected symbols, and all subscribers to wildcards, that events are missing.</summary>
    public void Warn(Predicate<Symbol> isAffected, string message)
    {
        lock (DeliveryLock)
        {
            var subscribers = _wildcards.Values.SelectMany(subscribers => subscribers)
                .Concat(_channels.Values.Where(channel => isAffected(channel.Symbol)).SelectMany(channel => channel.Subscribers))
                .Distinct().ToList();
            subscribers.ForEach(subscriber => subscriber.Warn(message));
        }
    }

    private void UpdateDemand()
    {
        var hasSubscribers = _channels.Count > 0 || _wildcards.Count > 0 || _held.Count > 0;
        if (hasSubscribers != _hasSubscribers)
        {
            _hasSubscribers = hasSubscribers;
            DemandChanged.Set();
        }
    }

    private LiveChannel Add(Symbol symbol, TickKind kind)
    {
        var channel = new LiveChannel(symbol, kind);
        _channels.Add((symbol, kind), channel);
        if (_channels.TryGetValue((symbol, kind is TickKind.Quote ? TickKind.Trade : TickKind.Quote), out var other))
        {
            (channel.OtherKind, other.OtherKind) = (other, channel);
        }

        channel.Subscribers = SubscribersOf(channel);
        return channel;
    }

    private void Withdraw(IEventSubscriber subscriber, ChannelSelector selector)
    {
        foreach (var held in _held.Where(held => held.Subscriber == subscriber && selector.Covers(held.Selector)))
        {
            held.Withdraw();
        }
    }

    /// <param name="selector">All channels of a market and kind.</param>
    private void Remove(IEventSubscriber subscriber, ChannelSelector selector)
    {
        var key = (selector.Market, selector.Kind);
        if (_wildcards.TryGetValue(key, out var subscribers) && subscribers.Remove(subscriber) && subscribers.Count == 0)
        {
            _wildcards.Remove(key);
        }

        foreach (var channel in _channels.Values.Where(channel => selector.Covers(channel.Symbol, channel.Kind)))
        {
            channel.NamedSubscribers.Remove(subscriber);
        }

        UpdateSubscribers(selector);
    }

    private void UpdateSubscribers(ChannelSelector selector)
    {
        if (selector.Symbol is { } symbol)
        {
            if (_channels.TryGetValue((symbol, selector.Kind), out var channel))
            {
                UpdateSubscribers(channel);
            }

            return;
        }

        foreach (var channel in _channels.Values.Where(channel => selector.Covers(channel.Symbol, channel.Kind)).ToArray())
        {
            UpdateSubscribers(channel);
        }
    }

    private void UpdateSubscribers(LiveChannel channel)
    {
        channel.Subscribers = SubscribersOf(channel);
        if (channel.NamedSubscribers.Count == 0 && !_wildcards.ContainsKey((channel.Symbol.Market, channel.Kind)))
        {
            _channels.Remove((channel.Symbol, channel.Kind));
            if (channel.OtherKind is { } other)
            {
                (channel.OtherKind, other.OtherKind) = (null, null);
            }
        }
    }

    private IEventSubscriber[] SubscribersOf(LiveChannel channel)
    {
        var all = _wildcards.TryGetValue((channel.Symbol.Market, channel.Kind), out var wildcards)
            ? channel.NamedSubscribers.Union(wildcards) : channel.NamedSubscribers;
        return
        [
            .. all.Where(subscriber => !_held.Exists(
                held => held.Subscriber == subscriber && held.Selector.Covers(channel.Symbol, channel.Kind))),
        ];
    }
}
