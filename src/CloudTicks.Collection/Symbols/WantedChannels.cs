using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>Tells the feeds what is wanted of them: at the start what the settings name, and from then on each change of the selection.</summary>
internal sealed class WantedChannels
{
    private readonly SymbolSelection _selection;
    private readonly MarketFeeds _feeds;
    private volatile SelectedSymbols _selected;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<Channel>> _plan;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<Channel>> _told;

    /// <summary>Begins with what the settings name.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public WantedChannels(CollectorOptions options, SymbolSelection selection, MarketFeeds feeds)
    {
        (_selection, _feeds) = (selection, feeds);
        _selected = new SelectedSymbols(ConfiguredSymbols.Read(options), options.Feed);
        _plan = SubscriptionPlan.Create(_selected);
        _feeds.SetChannels(_plan);
        _told = _plan;
    }

    /// <summary>Adds what feature flags turn on, before anything is collected: the gaps of the last run are of these symbols too.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public async Task PrepareAsync(CollectorOptions options, CancellationToken cancellationToken) =>
        Take(await _selection.BeginAsync(options, cancellationToken));

    /// <summary>The channels, by market and in the order of their priority.</summary>
    public IReadOnlyDictionary<Market, IReadOnlyList<Channel>> Plan => _plan;

    /// <summary>All channels in the order of their priority.</summary>
    public IReadOnlyList<Channel> Channels => [.. _plan.Values.SelectMany(market => market)];

    /// <summary>The channels that the feeds were told of, and no others yet.</summary>
    public IEnumerable<Channel> Told => _told.Values.SelectMany(market => market);

    /// <summary>Told of all channels before the feeds are told of another plan.</summary>
    public Action<IReadOnlyList<Channel>> OnChange { get; set; } = _ => { };

    /// <summary>Where the selection stands.</summary>
    public SelectionStatus GetStatus()
    {
        var symbols = _selected.Symbols;
        return new SelectionStatus(
            symbols.Count, symbols.Count(symbol => symbol.Market == Market.Option), _selection.LeftOut, _selection.Refusals, _selection.Refused);
    }

    /// <summary>Follows the selection until stopped.</summary>
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
        OnChange(Channels);
        _feeds.SetChannels(_plan);
        _told = _plan;
    }
}
