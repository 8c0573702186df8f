using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon;

/// <summary>The metrics of Polygon's WebSocket sessions and REST requests.</summary>
public sealed class PolygonMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CloudTicks.Polygon";

    private readonly Counter<long> _frames;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _sessionsEnded;
    private readonly Counter<long> _unacknowledged;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _violations;
    private readonly Counter<long> _rowsRejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _leftOut;
    private long _rateLimitViolations;
    private long _lastViolationMs;

    /// <summary>Creates the instruments.</summary>
    public PolygonMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _frames = meter.CreateCounter<long>("cloudticks.polygon.received.frames", "{frame}", "WebSocket messages read");
        _bytes = meter.CreateCounter<long>("cloudticks.polygon.received.bytes", "By", "Bytes of the WebSocket messages read");
        _sessionsEnded =
            meter.CreateCounter<long>("cloudticks.polygon.sessions.ended", "{session}", "Sessions that ended unexpectedly, by reason");
        _unacknowledged = meter.CreateCounter<long>(
            "cloudticks.polygon.channels.unacknowledged", "{channel}",
            "Channels that the server did not acknowledge after several requests");
        _requests = meter.CreateCounter<long>(
            "cloudticks.polygon.rest.requests", "{request}", "REST requests, counting each attempt, by endpoint and outcome");
        _violations = meter.CreateCounter<long>(
            "cloudticks.polygon.rest.rate_limit_violations", "{request}", "REST requests refused because of the rate limit, by endpoint");
        _rowsRejected = meter.CreateCounter<long>(
            "cloudticks.polygon.rest.rows.rejected", "{row}", "Skipped rows of REST responses, by reason");
        _refused = meter.CreateCounter<long>(
            "cloudticks.polygon.channels.refused", "{channel}", "Channels that the server refused, or had no room for");
        _leftOut = meter.CreateCounter<long>(
            "cloudticks.polygon.symbols.left_out", "{symbol}", "Symbols without room on the allowed connections");
    }

    /// <summary>The number of REST requests that the server refused because of its rate limit.</summary>
    public long RateLimitViolations => Interlocked.Read(ref _rateLimitViolations);

    /// <summary>
    /// The time at which the server last refused a request because of its rate limit, Unix ms, UTC; null when none was refused.
    /// </summary>
    public long? LastRateLimitViolationMs => Interlocked.Read(ref _lastViolationMs) is var last and not 0 ? last : null;

    internal void FrameReceived(Market market, int bytes)
    {
        var tag = new KeyValuePair<string, object?>("market", market.Path());
        _frames.Add(1, tag);
        _bytes.Add(bytes, tag);
    }

    internal void SessionEnded(Market market, SessionEndReason reason) =>
        _sessionsEnded.Add(1, new("market", market.Path()), new("reason", reason.ToString()));

    internal void ChannelsRefused(Market market, int channels) =>
        _refused.Add(channels, new KeyValuePair<string, object?>("market", market.Path()));

    internal void LeftOut(Market market, int symbols) => _leftOut.Add(symbols, new KeyValuePair<string, object?>("market", market.Path()));

    internal void Unacknowledged(Market market, int channels) =>
        _unacknowledged.Add(channels, new KeyValuePair<string, object?>("market", market.Path()));

    internal void Requested(string endpoint, string outcome) => _requests.Add(1, new("endpoint", endpoint), new("outcome", outcome));

    internal void RateLimitViolated(string endpoint, DateTimeOffset now)
    {
        Interlocked.Increment(ref _rateLimitViolations);
        Interlocked.Exchange(ref _lastViolationMs, now.ToUnixTimeMilliseconds());
        _violations.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    internal void RowsRejected(string endpoint, string reason, int rows) =>
        _rowsRejected.Add(rows, new("endpoint", endpoint), new("reason", reason));
}
