namespace CloudTicks.LocalServices.Nats;

/// <summary>Options of a NATS server, or of a cluster of them.</summary>
public sealed record NatsServerOptions
{
    /// <summary>The number of servers: 1, or 3 that form a cluster.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The client port of the first server on the loopback address; 0 for a free one. The other servers use free ports.</summary>
    public int Port { get; init; }

    /// <summary>The HTTP monitoring port of the first server; 0 for a free one. The other servers use free ports.</summary>
    public int MonitorPort { get; init; }

    /// <summary>The folder of the servers' configuration; a temporary folder when null.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>The clock that measures grace periods.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives each line of a server's log, one at a time for each server, with the server's name; must not throw.</summary>
    public Action<string, string>? OnLine { get; init; }
}
