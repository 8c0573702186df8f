using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Feeds;

/// <summary>The feeds of all markets. Those of which nothing is wanted have no connection.</summary>
internal sealed class MarketFeeds
{
    private readonly IReadOnlyList<MarketFeed> _feeds;
    private volatile HashSet<Market> _wanted = [];

    public MarketFeeds(MarketFeedFactory factory, FrameQueue frames) =>
        _feeds = [.. Enum.GetValues<Market>().Select(market => factory.Create(market, frames, changes => OnCoverage(changes)))];

    /// <summary>
    /// Told of each change of what is covered, for each market one call after the other; of several markets at once. It must return at once.
    /// </summary>
    public Action<IReadOnlyList<CoverageChange>> OnCoverage { get; set; } = _ => { };

    /// <summary>The markets of which something is wanted.</summary>
    public IEnumerable<MarketFeed> Wanted => _feeds.Where(feed => _wanted.Contains(feed.Market));

    /// <summary>The feed of a market.</summary>
    public MarketFeed Of(Market market) => _feeds.First(feed => feed.Market == market);

    /// <summary>Replaces what is wanted, of all markets; only the difference is subscribed and unsubscribed.</summary>
    public void SetChannels(IReadOnlyDictionary<Market, IReadOnlyList<Channel>> wanted)
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
    public IReadOnlyCollection<Channel> HeldChannels() => [.. _feeds.SelectMany(feed => feed.HeldChannels)];

    /// <summary>Whether connections that were given up are still being closed.</summary>
    public bool AreClosing => _feeds.Any(feed => feed.IsClosing);

    /// <summary>Holds all connections until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(_feeds.Select(feed => feed.RunAsync(stopping)));

    /// <summary>Where they stand, by the market's name.</summary>
    public IReadOnlyDictionary<string, MarketFeedStatus> GetStatus() => Wanted.ToDictionary(feed => feed.Market.Path(), feed => feed.GetStatus());
}
