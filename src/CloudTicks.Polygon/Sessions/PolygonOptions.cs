using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The settings for Polygon's endpoints and limits, section <c>Polygon</c>. For the API key see <see cref="PolygonApiKey"/>.
/// </summary>
public sealed record PolygonOptions
{
    /// <summary>
    /// The WebSocket host without the market's path, default <c>wss://socket.polygon.io</c>. It may also be
    /// <c>wss://delayed.polygon.io</c>, another host of the plan, or a simulator on this machine (<c>ws://127.0.0.1:8100</c>). Unencrypted
    /// connections are allowed only to this machine. <c>http</c> and <c>https</c>, as service discovery returns them, mean <c>ws</c> and
    /// <c>wss</c>.
    /// </summary>
    public Uri Endpoint { get; init; } = new("wss://socket.polygon.io");

    internal Uri WebSocketEndpoint => Endpoint.Scheme switch
    {
        "http" => new UriBuilder(Endpoint) { Scheme = "ws" }.Uri,
        "https" => new UriBuilder(Endpoint) { Scheme = "wss" }.Uri,
        _ => Endpoint,
    };

    /// <summary>
    /// The initial reconnect delay, 0 to 60 s, default 5 s. The first attempt after a stable session follows within half a second. Each
    /// further attempt, number n, follows after a random time of at most this delay times 2^(n-2), and never more than 60 s. After
    /// <c>max_connections</c>, the next attempt follows after one to two minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The REST address. Default: <c>https://api.polygon.io</c>, or the origin of an <see cref="Endpoint"/> on this machine.
    /// </summary>
    public Uri? RestEndpoint { get; init; }

    /// <summary>
    /// Further hosts from which the next pages of REST responses may be read, separated by commas. Default:
    /// <c>api.polygon.io,api.massive.com</c>, the two names of the provider. These hosts receive the API key, so they are contacted only
    /// over TLS on its default port, and not at all if the REST server is on this machine.
    /// </summary>
    public string PageHosts { get; init; } = "api.polygon.io,api.massive.com";

    /// <summary>The maximum number of requests per second, REST and control messages together, 1 to 1,000, default 5.</summary>
    [Range(1, 1_000)]
    public int RateLimitPerSecond { get; init; } = 5;

    /// <summary>
    /// Maximum connections per market, 1 to 64, default 1 on the real feed and 16 on a simulator on this machine. It takes precedence over
    /// <see cref="SymbolsPerConnection"/>.
    /// </summary>
    [Range(1, 64)]
    public int? MaxConnections { get; init; }

    /// <summary>The number of symbols per connection above which another connection is opened, 1 to 100,000, default 25.</summary>
    [Range(1, 100_000)]
    public int SymbolsPerConnection { get; init; } = 25;

    internal string[] PageHostNames => PageHosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal Uri EffectiveRestEndpoint => RestEndpoint ?? (Endpoint.IsLoopback
        ? new UriBuilder(WebSocketEndpoint) { Scheme = WebSocketEndpoint.Scheme == "ws" ? "http" : "https", Path = "/" }.Uri
        : new Uri("https://api.polygon.io"));

    /// <summary>The value of <see cref="MaxConnections"/>, or its default.</summary>
    public int EffectiveMaxConnections => MaxConnections ?? (Endpoint is { IsAbsoluteUri: true, IsLoopback: true } ? 16 : 1);
}
