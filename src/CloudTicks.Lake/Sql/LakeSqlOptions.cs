using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Sql;

/// <summary>The lake and the limits of an SQL session.</summary>
public sealed record LakeSqlOptions
{
    /// <summary>The folder of the lake; null for a session without a lake, which has only the added ticks.</summary>
    public string? Folder { get; init; }

    /// <summary>The lake, if it is not in a folder; overrides <see cref="Folder"/>.</summary>
    public ILakeStore? Store { get; init; }

    /// <summary>Memory limit of queries, bytes; above it they spill to <see cref="TemporaryFolder"/>.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>The number of threads for queries.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The folder to which queries spill.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>The only file that the session may write, with <see cref="LakeSession.WriteParquet"/>; null for none.</summary>
    public string? OutputFile { get; init; }
}
