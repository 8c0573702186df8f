using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Feeds;

/// <summary>Makes the feeds of markets.</summary>
/// <param name="options">Where Polygon is; followed while it changes.</param>
/// <param name="apiKey">The key.</param>
/// <param name="budget">The requests that the key may make.</param>
/// <param name="limits">What was learnt of the connections that the server allows.</param>
/// <param name="metrics">Counts what happens.</param>
/// <param name="time">The clock that stamps frames.</param>
/// <param name="logger">Told what happens.</param>
public sealed class MarketFeedFactory(
    IOptionsMonitor<PolygonOptions> options, PolygonApiKey apiKey, RequestBudget budget, ILearntLimits limits, PolygonMetrics metrics,
    TimeProvider time, ILogger<MarketFeed> logger)
{
    /// <summary>Makes a feed; it does nothing until it is run.</summary>
    /// <param name="market">The market.</param>
    /// <param name="frames">Takes what is received.</param>
    /// <param name="onCoverage">
    /// Told of each change of what is covered, one call after the other. It must return at once, and not call the feed.
    /// </param>
    /// <returns>The feed.</returns>
    public MarketFeed Create(Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage) =>
        Create(market, frames, onCoverage, new SessionTimings());

    internal MarketFeed Create(
        Market market, FrameQueue frames, Action<IReadOnlyList<CoverageChange>> onCoverage, SessionTimings timings) =>
        new(market, new ConnectionServices(frames, apiKey, budget, timings, metrics, time, logger), options, limits, onCoverage);
}
