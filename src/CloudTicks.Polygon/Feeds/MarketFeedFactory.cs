using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Feeds;

/// <summary>Creates the feeds of markets.</summary>
/// <param name="budget">The request budget of the API key.</param>
/// <param name="limits">The learnt connection limits.</param>
public sealed class MarketFeedFactory(
    IOptionsMonitor<PolygonOptions> options, PolygonApiKey apiKey, RequestBudget budget, ILearntLimits limits, PolygonMetrics metrics,
    TimeProvider time, ILogger<MarketFeed> logger)
{
    /// <summary>Creates a feed, which does nothing until it runs.</summary>
    /// <param name="onCoverage">
    /// Called with changes in coverage, one call at a time. The callback must return immediately and not call the feed.
    /// </param>
    public MarketFeed Create(Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage) =>
        Create(market, frames, onCoverage, new SessionTimings());

    internal MarketFeed Create(
        Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage, SessionTimings timings) =>
        new(market, new ConnectionServices(frames, apiKey, budget, timings, metrics, time, logger), options, limits, onCoverage);
}
