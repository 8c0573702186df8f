using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Where Polygon is: the section <c>Polygon</c>. The API key is not among them; see <see cref="PolygonApiKey"/>.</summary>
public sealed record PolygonOptions
{
    /// <summary>
    /// The WebSocket host, without the market's path: <c>wss://socket.polygon.io</c> by default, <c>wss://delayed.polygon.io</c>, another
    /// host of the plan, or a simulator on this machine (<c>ws://127.0.0.1:8100</c>). Unencrypted only on this machine. <c>http</c> and
    /// <c>https</c>, by which services are found, stand for <c>ws</c> and <c>wss</c>.
    /// </summary>
    public Uri Endpoint { get; init; } = new("wss://socket.polygon.io");

    internal Uri WebSocketEndpoint => Endpoint.Scheme switch
    {
        "http" => new UriBuilder(Endpoint) { Scheme = "ws" }.Uri,
        "https" => new UriBuilder(Endpoint) { Scheme = "wss" }.Uri,
        _ => Endpoint,
    };

    /// <summary>
    /// The pause that reconnecting starts from, 0 to 60 s, 5 s by default: the first attempt after a stable session comes within half a
    /// second, the n-th after a random time up to the smaller of 60 s and this times 2^(n-2).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(5);
}
