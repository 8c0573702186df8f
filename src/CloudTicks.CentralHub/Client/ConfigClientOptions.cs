using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Options of a <see cref="ConfigClient"/>. The key is read from the environment only: <c>CLOUDTICKS_HUB_KEY</c>.</summary>
public sealed record ConfigClientOptions
{
    /// <summary>
    /// The address of the hub, <c>host:port</c> or a URL; by default the value of <c>CLOUDTICKS_HUB</c>, or else
    /// <c>http://127.0.0.1:7000</c>.
    /// </summary>
    public string Endpoint { get; init; } = Environment.GetEnvironmentVariable("CLOUDTICKS_HUB") is { Length: > 0 } set
        ? set
        : "http://127.0.0.1:7000";

    /// <summary>The folder of the last good document; by default <c>cloudticks/config-client</c> in the user's state folder.</summary>
    public string? Folder { get; init; }

    /// <summary>NATS connection string for announcements of changes; if null, changes arrive through long polls only.</summary>
    public string? Nats { get; init; }

    /// <summary>Whether the client reports its version to the hub; false for a reader of another service's document.</summary>
    public bool Reports { get; init; } = true;

    /// <summary>Receives the log lines; none by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
