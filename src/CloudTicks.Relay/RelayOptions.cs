namespace CloudTicks.Relay;

/// <summary>How clients are served. Section <c>Relay</c> of the configuration.</summary>
internal sealed record RelayOptions
{
    public const string Section = "Relay";

    /// <summary>How long a client may take to give its key. Default 10 s; more than zero.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients in all, those included that have given no key yet. Default 2,000; 1 to 100,000.</summary>
    public int MaxClients { get; init; } = 2_000;

    /// <summary>Connections of one key; those of this machine that need none share one measure. Default 1,000; 1 to 100,000.</summary>
    public int MaxConnectionsPerKey { get; init; } = 1_000;

    /// <summary>Channels that all connections of one key hold together. Default 100,000; 1 to 10,000,000.</summary>
    public int MaxSymbolsPerKey { get; init; } = 100_000;

    /// <summary>Subscriptions and REST requests of one key a second, ten times as many at once. Default 100; 1 to 100,000.</summary>
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>Bytes that wait for one client; one that reads more slowly is disconnected. Default 16 MiB; 1 MiB to 1 GiB.</summary>
    public long ClientBufferBytes { get; init; } = 16L << 20;

    /// <summary>Bytes that wait for all clients together; above it the one furthest behind is disconnected. Default 512 MiB; 1 MiB to
    /// 1 TiB.</summary>
    public long BuffersBytes { get; init; } = 512L << 20;

    /// <summary>Whether a writer's subscription to a symbol that is not collected adds it to their document. Default false.</summary>
    public bool Subscribe { get; init; }

    /// <summary>After which time without subscribers a symbol that a relay added is removed again. Default 10 min; 1 s to 1 day.</summary>
    public TimeSpan UnsubscribeAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after its last subscriber has left the archive is read on. Default 30 s; not negative.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Clients that catch up at the same time, each with up to 64 MiB; further ones wait. Default 8; 1 to 64.</summary>
    public int CatchUps { get; init; } = 8;
}
