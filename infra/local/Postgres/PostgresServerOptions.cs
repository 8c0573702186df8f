namespace CloudTicks.LocalServices.Postgres;

/// <summary>The data folder and the limits of a PostgreSQL server.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>The server's data folder. If it does not exist, it is initialised and a password is generated.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The TCP port on the loopback address; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>PostgreSQL's own cache, in MiB.</summary>
    public int SharedBuffersMegabytes { get; init; } = 256;

    /// <summary>
    /// The maximum size of the write-ahead log between two checkpoints, in MiB: a higher value lets COPY run longer without a checkpoint.
    /// </summary>
    public int MaxWalMegabytes { get; init; } = 2_048;

    /// <summary>The clock that measures grace periods.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives a sentence about each change to an existing data folder; must not throw.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Receives each line of the server's log, one at a time; must not throw.</summary>
    public Action<string>? OnLine { get; init; }
}
