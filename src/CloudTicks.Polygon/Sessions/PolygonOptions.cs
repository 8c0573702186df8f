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

    /// <summary>REST: <c>https://api.polygon.io</c> by default, or <see cref="Endpoint"/>'s origin on this machine.</summary>
    public Uri? RestEndpoint { get; init; }

    /// <summary>
    /// Hosts beside that of REST on which its next pages may be, names with commas: <c>api.polygon.io,api.massive.com</c> by default, the
    /// two names of one provider. They get the API key, so only over TLS on its usual port, and not at all where REST is on this machine.
    /// </summary>
    public string PageHosts { get; init; } = "api.polygon.io,api.massive.com";

    /// <summary>Requests a second, REST and control messages together, 1 to 1,000, 5 by default.</summary>
    [Range(1, 1_000)]
    public int RateLimitPerSecond { get; init; } = 5;

    /// <summary>
    /// Connections to each market that the account may have, 1 to 64; by default 1 on the real feed and 16 on a simulator of this machine.
    /// <see cref="SymbolsPerConnection"/> yields to it.
    /// </summary>
    [Range(1, 64)]
    public int? MaxConnections { get; init; }

    /// <summary>Symbols on one connection before another is opened, 1 to 100,000, 25 by default.</summary>
    [Range(1, 100_000)]
    public int SymbolsPerConnection { get; init; } = 25;

    internal string[] PageHostNames => PageHosts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal Uri EffectiveRestEndpoint => RestEndpoint ?? (Endpoint.IsLoopback
        ? new UriBuilder(WebSocketEndpoint) { Scheme = WebSocketEndpoint.Scheme == "ws" ? "http" : "https", Path = "/" }.Uri
        : new Uri("https://api.polygon.io"));

    /// <summary><see cref="MaxConnections"/>, or its default.</summary>
    public int EffectiveMaxConnections => MaxConnections ?? (Endpoint is { IsAbsoluteUri: true, IsLoopback: true } ? 16 : 1);
}
