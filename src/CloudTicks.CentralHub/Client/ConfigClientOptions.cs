using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>What a <see cref="ConfigClient"/> may be told. The key comes from the environment alone, <c>CLOUDTICKS_HUB_KEY</c>.</summary>
public sealed record ConfigClientOptions
{
    /// <summary>The hub, <c>host:port</c> or a URL; by default <c>CLOUDTICKS_HUB</c>, then <c>http://127.0.0.1:7000</c>.</summary>
    public string Endpoint { get; init; } = Environment.GetEnvironmentVariable("CLOUDTICKS_HUB") is { Length: > 0 } set
        ? set
        : "http://127.0.0.1:7000";

    /// <summary>Where the last good document is kept; by default <c>cloudticks/config-client</c> in the user's state folder.</summary>
    public string? Folder { get; init; }

    /// <summary>A connection string of NATS, over which changes are announced; without it the long poll brings them.</summary>
    public string? Nats { get; init; }

    /// <summary>Whether the hub is told which version is followed; false for who reads the document of another service.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>Where log lines go; nowhere by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
