namespace CloudTicks.Relay;

/// <summary>The settings of the relay, section <c>Relay</c>.</summary>
internal sealed record RelayOptions
{
    public const string Section = "Relay";

    /// <summary>The timeout for a client's authentication. Default 10 s; more than zero.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of clients, including unauthenticated ones. Default 2,000; 1 to 100,000.</summary>
    public int MaxClients { get; init; } = 2_000;

    /// <summary>
    /// The maximum number of connections per key; local clients without a key share one limit. Default 1,000; 1 to 100,000.
    /// </summary>
    public int MaxConnectionsPerKey { get; init; } = 1_000;

    /// <summary>The maximum number of channels per key, summed over its connections. Default 100,000; 1 to 10,000,000.</summary>
    public int MaxSymbolsPerKey { get; init; } = 100_000;

    /// <summary>
    /// The maximum rate of subscriptions and REST requests per key, per second, with bursts of ten times as many. Default 100; 1 to
    /// 100,000.
    /// </summary>
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>The maximum bytes buffered for one client; above it the client is disconnected. Default 16 MiB; 1 MiB to 1 GiB.</summary>
    public long ClientBufferBytes { get; init; } = 16L << 20;

    /// <summary>
    /// The maximum bytes buffered for all clients; above it the client with the largest backlog is disconnected. Default 512 MiB; 1 MiB to
    /// 1 TiB.
    /// </summary>
    public long BuffersBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Whether a client with a writer's key that subscribes to an uncollected symbol adds the symbol to the collectors' document. Default
    /// false.
    /// </summary>
    public bool Subscribe { get; init; }

    /// <summary>
    /// The time without subscribers after which an added symbol is marked as idle. About a minute later at most, the symbol is removed,
    /// unless another relay has a subscriber to it. Default 10 min; 1 s to 1 day.
    /// </summary>
    public TimeSpan UnsubscribeAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the archive is read after the last subscriber has left. Default 30 s; not negative.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum number of concurrent catch-ups, each of which uses up to 64 MiB of memory; further clients wait. Default 8; 1 to 64.
    /// </summary>
    public int CatchUps { get; init; } = 8;
}
