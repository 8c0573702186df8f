using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Channels;

/// <summary>
/// All channels that the source of ticks lists, or that were ever subscribed to. Sessions change the directory, and the sender reads
/// snapshots. The number of channels is bounded: above the limit a channel is acknowledged but has no ticks, like an unknown ticker.
/// </summary>
/// <param name="keepTicking">Whether a channel keeps ticking without subscribers, as a market does.</param>
internal sealed class ChannelDirectory(bool keepTicking = true)
{
    private const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Symbol Symbol, TickKind Kind), SimulatedChannel> _channels = [];
    private readonly List<(ISubscriber Subscriber, Market Market, TickKind Kind)> _wildcards = [];
    private SimulatedChannel[]? _tickingChannels = [];

    /// <summary>The ticking channels, in the order in which they were added; the array is replaced, never changed.</summary>
    public SimulatedChannel[] TickingChannels => Volatile.Read(ref _tickingChannels) ?? BuildTickingChannels();

    /// <summary>All channels, subscribed or not.</summary>
    public SimulatedChannel[] All
    {
        get
        {
            lock (_gate)
                return [.. _channels.Values];
        }
    }

    /// <summary>The channel of a symbol and kind, created if missing; null when the directory is full.</summary>
    public SimulatedChannel? GetOrAdd(Symbol symbol, TickKind kind)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue((symbol, kind), out var channel))
                return channel;
            if (_channels.Count >= Capacity)
                return null;
            channel = new SimulatedChannel(symbol, kind);
            _channels.Add((symbol, kind), channel);
            SetSubscribers(channel, [.. _wildcards.Where(wildcard => Matches(wildcard, channel)).Select(wildcard => wildcard.Subscriber)]);
            return channel;
        }
    }

    /// <summary>The channel of a symbol and kind; null when the directory does not have it.</summary>
    public SimulatedChannel? Find(Symbol symbol, TickKind kind)
    {
        lock (_gate)
            return _channels.GetValueOrDefault((symbol, kind));
    }

    public void Subscribe(ISubscriber subscriber, Symbol symbol, TickKind kind)
    {
        lock (_gate)
        {
            if (GetOrAdd(symbol, kind) is { } channel && !channel.Subscribers.Contains(subscriber))
                SetSubscribers(channel, [.. channel.Subscribers, subscriber]);
        }
    }

    /// <summary>Subscribes to all channels of a market and kind, existing and future ones.</summary>
    public void SubscribeAll(ISubscriber subscriber, Market market, TickKind kind)
    {
        lock (_gate)
        {
            var wildcard = (subscriber, market, kind);
            if (!_wildcards.Contains(wildcard))
                _wildcards.Add(wildcard);
            foreach (var channel in _channels.Values.Where(
                channel => Matches(wildcard, channel) && !channel.Subscribers.Contains(subscriber)))
                SetSubscribers(channel, [.. channel.Subscribers, subscriber]);
        }
    }

    /// <summary>
    /// Unsubscribes from one channel. As on the real feed, the channel's ticks are still sent to a subscriber of a wildcard that covers it.
    /// </summary>
    public void Unsubscribe(ISubscriber subscriber, Symbol symbol, TickKind kind)
    {
        lock (_gate)
        {
            if (!_wildcards.Contains((subscriber, symbol.Market, kind)))
                Remove(subscriber, channel => channel.Kind == kind && channel.Symbol.Equals(symbol), _ => false);
        }
    }

    /// <summary>Unsubscribes from a wildcard, and from all channels that it covers.</summary>
    public void UnsubscribeAll(ISubscriber subscriber, Market market, TickKind kind) =>
        Remove(subscriber, channel => Matches((subscriber, market, kind), channel), wildcard => wildcard == (subscriber, market, kind));

    /// <summary>Removes all subscriptions of a subscriber.</summary>
    public void Remove(ISubscriber subscriber) => Remove(subscriber, _ => true, wildcard => wildcard.Subscriber == subscriber);

    private void Remove(
        ISubscriber subscriber, Predicate<SimulatedChannel> ofChannel,
        Predicate<(ISubscriber Subscriber, Market Market, TickKind Kind)> ofWildcard)
    {
        lock (_gate)
        {
            _wildcards.RemoveAll(ofWildcard);
            foreach (var channel in _channels.Values.Where(channel => ofChannel(channel) && channel.Subscribers.Contains(subscriber)))
                SetSubscribers(channel, [.. channel.Subscribers.Where(other => other != subscriber)]);
        }
    }

    /// <summary>
    /// Builds the array of ticking channels when it is read, and not on each subscription: a client may subscribe to thousands of channels
    /// in one message.
    /// </summary>
    private SimulatedChannel[] BuildTickingChannels()
    {
        lock (_gate)
            return _tickingChannels ??= [.. _channels.Values.Where(
                channel => channel.Subscribers.Length > 0 || (keepTicking && channel.WasSubscribed))];
    }

    private void SetSubscribers(SimulatedChannel channel, ISubscriber[] subscribers)
    {
        channel.Subscribers = subscribers;
        channel.WasSubscribed |= subscribers.Length > 0;
        _tickingChannels = null;
    }

    private static bool Matches((ISubscriber Subscriber, Market Market, TickKind Kind) wildcard, SimulatedChannel channel) =>
        wildcard.Market == channel.Symbol.Market && wildcard.Kind == channel.Kind;
}
