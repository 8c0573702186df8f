using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Feeds;

/// <summary>The feeds of all markets. Those of which nothing is wanted have no connection.</summary>
internal sealed class MarketFeeds : IWatchedFeeds
{
    private readonly IReadOnlyList<MarketFeed> _feeds;
    private readonly Lock _reporting = new();
    private readonly Dictionary<FeedChannel, long> _covered = [];
    private volatile HashSet<Market> _wanted = [];

    public MarketFeeds(MarketFeedFactory factory, FrameQueue frames) =>
        _feeds = [.. Enum.GetValues<Market>().Select(market => factory.Create(market, frames, Report))];

    /// <summary>Told of each change of what is covered, one call after the other. It must return at once, and not call the feeds.</summary>
    public Action<IReadOnlyList<CoverageChange>> OnCoverage { get; set; } = _ => { };

    /// <summary>The markets of which something is wanted.</summary>
    public IEnumerable<MarketFeed> Wanted => _feeds.Where(feed => _wanted.Contains(feed.Market));

    public MarketFeed Of(Market market) => _feeds.First(feed => feed.Market == market);

    /// <summary>Replaces what is wanted, of all markets; only the difference is subscribed and unsubscribed.</summary>
    public void SetChannels(IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> wanted)
    {
        _wanted = wanted.Where(market => market.Value.Count > 0).Select(market => market.Key).ToHashSet();
        foreach (var feed in _feeds)
        {
            feed.SetChannels(wanted.GetValueOrDefault(feed.Market) ?? []);
        }
    }

    /// <summary>Which connections of every market this collector has, where several share them.</summary>
    public void SetSlots(IReadOnlySet<int> held)
    {
        foreach (var feed in _feeds)
        {
            feed.SetSlots(held);
        }
    }

    /// <summary>The connections of the market that needs most, those of other collectors included.</summary>
    public int SlotCount => _feeds.Max(feed => feed.SlotCount);

    /// <summary>All channels that this collector is to hold.</summary>
    public IReadOnlyCollection<FeedChannel> HeldChannels() => [.. _feeds.SelectMany(feed => feed.HeldChannels)];

    /// <summary>The channels that some of the connections would hold, where several collectors share them; nothing changes.</summary>
    /// <param name="wanted">All channels; those that are wanted now when null.</param>
    public IReadOnlyCollection<FeedChannel> Preview(IReadOnlySet<int> held, IReadOnlyList<FeedChannel>? wanted = null) =>
        [.. _feeds.SelectMany(
            feed => feed.Preview(held, wanted is null ? null : [.. wanted.Where(channel => channel.Symbol.Market == feed.Market)]))];

    /// <summary>Whether connections that were given up are still being closed.</summary>
    public bool AreClosing => _feeds.Any(feed => feed.IsClosing);

    /// <summary>Holds all connections until stopped, or until one market's feed fails; then all of them end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] feeds = [.. _feeds.Select(feed => feed.RunAsync(ending.Token))];
        await Task.WhenAny(feeds);
        await ending.CancelAsync();
        await Task.WhenAll(feeds);
    }

    /// <summary>Where they stand, by the market's name.</summary>
    public IReadOnlyDictionary<string, MarketFeedStatus> GetStatus() =>
        Wanted.ToDictionary(feed => feed.Market.Path(), feed => feed.GetStatus());

    public int? SlotOf(FeedChannel channel) => Of(channel.Symbol.Market).SlotOf(channel);

    public void Reconnect(FeedChannel channel, string why) => Of(channel.Symbol.Market).Reconnect(channel, why);

    public IReadOnlyList<KeyValuePair<FeedChannel, long>> Subscribed()
    {
        lock (_reporting)
        {
            return [.. _covered];
        }
    }

    public void ReportDoubts(IReadOnlyList<CoverageChange> doubts)
    {
        lock (_reporting)
        {
            OnCoverage(doubts);
        }
    }

    private void Report(IReadOnlyList<CoverageChange> changes)
    {
        lock (_reporting)
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
