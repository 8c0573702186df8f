using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Feeds;

/// <summary>Makes the feeds of markets.</summary>
/// <param name="budget">The requests that the key may make.</param>
/// <param name="limits">What was learnt of the connections that the server allows.</param>
public sealed class MarketFeedFactory(
    IOptionsMonitor<PolygonOptions> options, PolygonApiKey apiKey, RequestBudget budget, ILearntLimits limits, PolygonMetrics metrics,
    TimeProvider time, ILogger<MarketFeed> logger)
{
    /// <summary>Makes a feed; it does nothing until it is run.</summary>
    /// <param name="onCoverage">
    /// Told of each change of what is covered, one call after the other. It must return at once, and not call the feed.
    /// </param>
    public MarketFeed Create(Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage) =>
        Create(market, frames, onCoverage, new SessionTimings());

    internal MarketFeed Create(
        Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage, SessionTimings timings) =>
        new(market, new ConnectionServices(frames, apiKey, budget, timings, metrics, time, logger), options, limits, onCoverage);
}
