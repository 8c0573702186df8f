namespace CloudTicks.LocalServices.Postgres;

/// <summary>Where a PostgreSQL server keeps its data and how much it takes of the machine.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>Its data folder; made, with a new password, when it does not exist.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The TCP port on the loopback address; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>PostgreSQL's own cache, in MiB.</summary>
    public int SharedBuffersMegabytes { get; init; } = 256;

    /// <summary>How much write-ahead log lies between two checkpoints at most, in MiB: more lets COPY run longer without one.</summary>
    public int MaxWalMegabytes { get; init; } = 2_048;

    /// <summary>The clock of grace periods.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called with a sentence about what was changed of a data folder that was there; must not throw.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>Called for each line of its log, one at a time; must not throw.</summary>
    public Action<string>? OnLine { get; init; }
}
