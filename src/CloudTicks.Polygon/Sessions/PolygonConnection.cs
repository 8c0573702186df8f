using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// A connection to one market's feed that lives as long as the program: one session after another, each with the same channels.
/// A refused key ends it; trying again would only make the account suspicious.
/// </summary>
public sealed class PolygonConnection
{
    private readonly IReadOnlyList<Channel> _channels;
    private readonly FrameQueue _frames;
    private readonly Uri _address;
    private readonly PolygonApiKey _apiKey;
    private readonly SessionTimings _timings;
    private readonly ReconnectBackoff _backoff;
    private readonly FeedOutage _outage;
    private readonly PolygonMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal PolygonConnection(
        Market market, IReadOnlyList<Channel> channels, FrameQueue frames, PolygonOptions options, PolygonApiKey apiKey,
        SessionTimings timings, PolygonMetrics metrics, TimeProvider time, ILogger logger)
    {
        (Market, _channels, _frames, _apiKey, _timings, _metrics, _time, _logger) =
            (market, channels, frames, apiKey, timings, metrics, time, logger);
        _address = new Uri($"{options.WebSocketEndpoint.AbsoluteUri.TrimEnd('/')}/{market.Path()}");
        _outage = new FeedOutage(market.Path(), _address.Authority, time, logger);
        _backoff = new ReconnectBackoff(options.ReconnectDelay, timings, Random.Shared);
    }

    /// <summary>The market.</summary>
    public Market Market { get; }

    /// <summary>Whether a session stands that the server has authenticated.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Why there will be no further session, in a sentence that says what to check; null while there may be one.</summary>
    public string? Failure { get; private set; }

    /// <summary>How often a session was lost and came again; what the feed sent in between is missing.</summary>
    public long Outages => _outage.Count;

    /// <summary>How long there was no session in these outages, from the last message before to the next session, in ms.</summary>
    public long OutageMs => _outage.Milliseconds;

    /// <summary>Connects, and again whenever a session ends, until stopped or refused for good.</summary>
    /// <param name="stopping">Closes the session; returns within about a second.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && Failure is null)
        {
            var protocol = new SessionProtocol(Market, _channels, _apiKey, _logger);
            var authenticatedAt = 0L;
            var session = new PolygonSession(Market, _address, protocol, _frames, _timings, _metrics, _time, _logger)
            {
                OnAuthenticated = () =>
                {
                    (IsConnected, authenticatedAt) = (true, _time.GetTimestamp());
                    _outage.End();
                },
            };
            var end = await session.RunAsync(stopping);
            IsConnected = false;
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            _metrics.SessionEnded(Market, end.Reason);
            if (end.Reason == SessionEndReason.AuthFailed)
            {
                Failure = $"Polygon refused the {Market.Path()} feed: {end.Message}. Check {PolygonApiKey.Setting}, and that the plan includes "
                    + "the market and real-time data; then start again.";
                _logger.AuthenticationFailed(Failure);
                return;
            }

            var pause = _backoff.Next(end.Reason, protocol.IsAuthenticated ? _time.GetElapsedTime(authenticatedAt) : TimeSpan.Zero);
            _outage.OnSessionEnded(end, pause, protocol.IsAuthenticated ? session.LastMessageAt : null);
            await Task.Delay(pause, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
