using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Subscriptions;

/// <summary>Sets the channels of the feeds: at the start those that the settings name, then each change of the selection.</summary>
internal sealed class WantedChannels
{
    private readonly SymbolSelection _selection;
    private readonly MarketFeeds _feeds;
    private volatile SelectedSymbols _selected;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> _plan;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> _told;
    private readonly TimeProvider _time;
    private volatile IReadOnlyDictionary<FeedChannel, long> _since;
    private volatile AcceptedChannels _accepted;

    /// <summary>Begins with what the settings name.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public WantedChannels(IOptions<CollectorOptions> options, SymbolSelection selection, MarketFeeds feeds, TimeProvider time)
    {
        (_selection, _feeds, _time) = (selection, feeds, time);
        _selected = new SelectedSymbols(ConfiguredSymbols.Read(options.Value), options.Value.Feed);
        _plan = SubscriptionPlan.Create(_selected);
        _since = Since(new Dictionary<FeedChannel, long>());
        _accepted = AcceptedChannels.None.Next(Channels, NowMs);
        _feeds.SetChannels(_plan);
        _told = _plan;
    }

    /// <summary>Adds what feature flags turn on, before anything is collected: the gaps of the last run are of these symbols too.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public async Task PrepareAsync(CollectorOptions options, CancellationToken cancellationToken) =>
        Take(await _selection.BeginAsync(options, cancellationToken));

    /// <summary>The channels, by market and in the order of their priority.</summary>
    public IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> Plan => _plan;

    /// <summary>All channels in the order of their priority.</summary>
    public IReadOnlyList<FeedChannel> Channels => [.. _plan.Values.SelectMany(market => market)];

    /// <summary>All channels, and since when this process wants them without a break, Unix ms, UTC.</summary>
    public IReadOnlyDictionary<FeedChannel, long> WantedSince => _since;

    /// <summary>The symbols whose ticks are accepted: from before a channel is subscribed until after it is unsubscribed.</summary>
    public AcceptedChannels Accepted => _accepted;

    /// <summary>The channels that the feeds were told of, and no others yet.</summary>
    public IEnumerable<FeedChannel> Told => _told.Values.SelectMany(market => market);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Told of all channels before the feeds are told of another plan.</summary>
    public Action<IReadOnlyList<FeedChannel>> OnChange { get; set; } = _ => { };

    public SelectionStatus GetStatus()
    {
        var symbols = _selected.Symbols;
        return new SelectionStatus(
            symbols.Count, symbols.Count(symbol => symbol.Market == Market.Option), _selection.LeftOut, _selection.Refusals,
            _selection.Refused);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await _selection.FollowAsync(_selected, Take, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is wanted stays wanted; the sessions are closed by those who hold them.
        }
    }

    private void Take(SelectedSymbols selected)
    {
        (_selected, _plan) = (selected, SubscriptionPlan.Create(selected));
        _since = Since(_since);
        _accepted = _accepted.Next(Channels, NowMs);
        OnChange(Channels);
        _feeds.SetChannels(_plan);
        _told = _plan;
    }

    private Dictionary<FeedChannel, long> Since(IReadOnlyDictionary<FeedChannel, long> before)
    {
        var now = NowMs;
        return Channels.ToDictionary(channel => channel, channel => before.GetValueOrDefault(channel, now));
    }
}
