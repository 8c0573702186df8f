using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Sql;

/// <summary>The limits of a session of SQL.</summary>
public sealed record LakeSqlOptions
{
    /// <summary>The folder of the lake; null when there is none, and the session has only what is added to it.</summary>
    public string? Folder { get; init; }

    /// <summary>The lake, where it is not in a folder; wins over <see cref="Folder"/>.</summary>
    public ILakeStore? Store { get; init; }

    /// <summary>Bytes that queries may hold in memory; above them they use <see cref="TemporaryFolder"/>.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Threads of a query.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where queries write what does not fit into memory.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>The one file that the session may write, by <see cref="LakeSession.WriteParquet"/>; null for none.</summary>
    public string? OutputFile { get; init; }
}
