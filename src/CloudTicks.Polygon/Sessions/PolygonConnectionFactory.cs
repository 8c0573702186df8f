using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Makes connections to the feeds of markets.</summary>
/// <param name="options">Where Polygon is.</param>
/// <param name="apiKey">The key.</param>
/// <param name="metrics">Counts what happens.</param>
/// <param name="time">The clock that stamps frames.</param>
/// <param name="logger">Told what happens.</param>
public sealed class PolygonConnectionFactory(
    IOptions<PolygonOptions> options, PolygonApiKey apiKey, PolygonMetrics metrics, TimeProvider time, ILogger<PolygonConnection> logger)
{
    /// <summary>Makes a connection; it does nothing until it is run.</summary>
    /// <param name="market">The market.</param>
    /// <param name="channels">What to subscribe to; all of the market.</param>
    /// <param name="frames">Takes what is received.</param>
    /// <returns>The connection.</returns>
    public PolygonConnection Create(Market market, IReadOnlyList<Channel> channels, FrameQueue frames) =>
        Create(market, channels, frames, new SessionTimings());

    internal PolygonConnection Create(Market market, IReadOnlyList<Channel> channels, FrameQueue frames, SessionTimings timings)
    {
        ArgumentNullException.ThrowIfNull(channels);
        return channels.All(channel => channel.Symbol.Market == market)
            ? new PolygonConnection(market, channels, frames, options.Value, apiKey, timings, metrics, time, logger)
            : throw new ArgumentException($"A connection to {market.Path()} can subscribe to symbols of that market only.", nameof(channels));
    }
}
