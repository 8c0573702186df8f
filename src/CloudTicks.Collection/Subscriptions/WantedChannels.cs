using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Subscriptions;

/// <summary>Sets the channels of the feeds: first those of the settings, then those of each new selection.</summary>
internal sealed class WantedChannels
{
    private readonly SymbolSelection _selection;
    private readonly MarketFeeds _feeds;
    private volatile SelectedSymbols _selectedSymbols;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> _plan;
    private volatile IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> _applied;
    private readonly TimeProvider _time;
    private volatile IReadOnlyDictionary<FeedChannel, long> _wantedSince;
    private volatile AcceptedChannels _accepted;

    /// <summary>Creates the channels of the configured symbols and sets them on the feeds.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public WantedChannels(IOptions<CollectorOptions> options, SymbolSelection selection, MarketFeeds feeds, TimeProvider time)
    {
        (_selection, _feeds, _time) = (selection, feeds, time);
        _selectedSymbols = new SelectedSymbols(ConfiguredSymbols.Read(options.Value), options.Value.Feed);
        _plan = SubscriptionPlan.Create(_selectedSymbols);
        _wantedSince = UpdateWantedSince(new Dictionary<FeedChannel, long>());
        _accepted = AcceptedChannels.None.Next(Channels, NowMs);
        _feeds.SetChannels(_plan);
        _applied = _plan;
    }

    /// <summary>
    /// Adds the symbols that feature flags enable. Must be called before the gaps since the last run are opened, so that these symbols get
    /// gaps too.
    /// </summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public async Task PrepareAsync(CollectorOptions options, CancellationToken cancellationToken) =>
        Apply(await _selection.ReadInitialAsync(options, cancellationToken));

    /// <summary>The channels by market, in order of priority.</summary>
    public IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> Plan => _plan;

    /// <summary>All channels in order of priority.</summary>
    public IReadOnlyList<FeedChannel> Channels => [.. _plan.Values.SelectMany(market => market)];

    /// <summary>All channels, each with the time at which this process added it to the plan, Unix ms, UTC.</summary>
    public IReadOnlyDictionary<FeedChannel, long> WantedSince => _wantedSince;

    /// <summary>The channels whose ticks are accepted, from before they are subscribed until after they are unsubscribed.</summary>
    public AcceptedChannels Accepted => _accepted;

    /// <summary>The channels that were last set on the feeds.</summary>
    public IEnumerable<FeedChannel> Applied => _applied.Values.SelectMany(market => market);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Called with all channels before a new plan is set on the feeds.</summary>
    public Action<IReadOnlyList<FeedChannel>> OnChange { get; set; } = _ => { };

    public SelectionStatus GetStatus()
    {
        var symbols = _selectedSymbols.Symbols;
        return new SelectionStatus(
            symbols.Count, symbols.Count(symbol => symbol.Market == Market.Option), _selection.LeftOut, _selection.Refusals,
            _selection.Refused);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await _selection.FollowAsync(_selectedSymbols, Apply, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The channels stay set; the feeds close their own sessions.
        }
    }

    private void Apply(SelectedSymbols selected)
    {
        (_selectedSymbols, _plan) = (selected, SubscriptionPlan.Create(selected));
        _wantedSince = UpdateWantedSince(_wantedSince);
        _accepted = _accepted.Next(Channels, NowMs);
        OnChange(Channels);
        _feeds.SetChannels(_plan);
        _applied = _plan;
    }

    private Dictionary<FeedChannel, long> UpdateWantedSince(IReadOnlyDictionary<FeedChannel, long> before)
    {
        var now = NowMs;
        return Channels.ToDictionary(channel => channel, channel => before.GetValueOrDefault(channel, now));
    }
}
