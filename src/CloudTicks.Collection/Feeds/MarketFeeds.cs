using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Feeds;

/// <summary>The feeds of all markets. A market without wanted channels has no connection.</summary>
internal sealed class MarketFeeds : IWatchedFeeds
{
    private readonly IReadOnlyList<MarketFeed> _feeds;
    private readonly Lock _reportGate = new();
    private readonly Dictionary<FeedChannel, long> _covered = [];
    private volatile HashSet<Market> _wantedMarkets = [];

    public MarketFeeds(MarketFeedFactory factory, FrameQueue frames) =>
        _feeds = [.. Enum.GetValues<Market>().Select(market => factory.Create(market, frames, Report))];

    /// <summary>Called with changes in coverage, one call at a time. The callback must return immediately and not call the feeds.</summary>
    public Action<IReadOnlyList<CoverageChange>> OnCoverage { get; set; } = _ => { };

    /// <summary>The feeds of the markets with wanted channels.</summary>
    public IEnumerable<MarketFeed> WantedFeeds => _feeds.Where(feed => _wantedMarkets.Contains(feed.Market));

    public MarketFeed Of(Market market) => _feeds.First(feed => feed.Market == market);

    /// <summary>
    /// Replaces the wanted channels of all markets. Only channels that are new or no longer wanted are subscribed or unsubscribed.
    /// </summary>
    public void SetChannels(IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> wanted)
    {
        _wantedMarkets = wanted.Where(market => market.Value.Count > 0).Select(market => market.Key).ToHashSet();
        foreach (var feed in _feeds)
        {
            feed.SetChannels(wanted.GetValueOrDefault(feed.Market) ?? []);
        }
    }

    /// <summary>Sets which connections of every market this collector holds, if several collectors share them.</summary>
    public void SetSlots(IReadOnlySet<int> heldSlots)
    {
        foreach (var feed in _feeds)
        {
            feed.SetSlots(heldSlots);
        }
    }

    /// <summary>The largest <see cref="MarketFeed.SlotCount"/> of all markets.</summary>
    public int SlotCount => _feeds.Max(feed => feed.SlotCount);

    /// <summary>All channels assigned to this collector.</summary>
    public IReadOnlyCollection<FeedChannel> HeldChannels() => [.. _feeds.SelectMany(feed => feed.HeldChannels)];

    /// <summary>
    /// Returns the channels that this collector would hold if its group assigned it the connections <paramref name="heldSlots"/>. Changes
    /// nothing.
    /// </summary>
    /// <param name="wanted">All channels; null for the currently wanted channels.</param>
    public IReadOnlyCollection<FeedChannel> Preview(IReadOnlySet<int> heldSlots, IReadOnlyList<FeedChannel>? wanted = null) =>
        [.. _feeds.SelectMany(
            feed => feed.Preview(heldSlots, wanted is null ? null : [.. wanted.Where(channel => channel.Symbol.Market == feed.Market)]))];

    /// <summary>Whether released connections are still closing.</summary>
    public bool IsAnyClosing => _feeds.Any(feed => feed.IsClosing);

    /// <summary>Runs all feeds until stopped or until one fails; then all of them stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var runEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] feeds = [.. _feeds.Select(feed => feed.RunAsync(runEnd.Token))];
        await Task.WhenAny(feeds);
        await runEnd.CancelAsync();
        await Task.WhenAll(feeds);
    }

    /// <summary>The status of each wanted feed, by market name.</summary>
    public IReadOnlyDictionary<string, MarketFeedStatus> GetStatus() =>
        WantedFeeds.ToDictionary(feed => feed.Market.Path(), feed => feed.GetStatus());

    public int? SlotOf(FeedChannel channel) => Of(channel.Symbol.Market).SlotOf(channel);

    public void Reconnect(FeedChannel channel, string reason) => Of(channel.Symbol.Market).Reconnect(channel, reason);

    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Subscribed()
    {
        lock (_reportGate)
        {
            return [.. _covered];
        }
    }

    public void ReportStaleChannels(IReadOnlyList<CoverageChange> changes)
    {
        lock (_reportGate)
        {
            OnCoverage(changes);
        }
    }

    private void Report(IReadOnlyList<CoverageChange> changes)
    {
        lock (_reportGate)
        {
            foreach (var change in changes)
            {
                if (change.IsCovered)
                {
                    _covered[change.Channel] = change.AtMs;
                }
                else
                {
                    _covered.Remove(change.Channel);
                }
            }

            OnCoverage(changes);
        }
    }
}
