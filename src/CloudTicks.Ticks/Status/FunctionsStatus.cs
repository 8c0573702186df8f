using CloudTicks.Ticks.Measures;

namespace CloudTicks.Ticks.Status;

/// <summary>What the functions of a process have done since its start: <c>GET /api/v1/status</c> of the functions, in snake_case.</summary>
/// <param name="Stored">New rows of the table.</param>
public sealed record FunctionsStatus(long Stored, long Published)
{
    /// <summary>Records of the archive that wait to be stored; null while that is not known.</summary>
    public long? LagRecords { get; init; }

    /// <summary>Records of the archive that wait to be published; null while that is not known.</summary>
    public long? PublishLagRecords { get; init; }

    /// <summary>How long ticks of the last seconds took.</summary>
    public FunctionsLatency? Latency { get; init; }

    /// <summary>The NATS servers on which ticks are published, without credentials.</summary>
    public IReadOnlyList<string> Nats { get; init; } = [];

    /// <summary>The database; null until it was reached.</summary>
    public DatabaseStatus? Timescale { get; init; }

    /// <summary>The lake; null where there is none.</summary>
    public LakeStatus? Lake { get; init; }
}

/// <summary>How long ticks of the last seconds took; null where none came.</summary>
/// <param name="ReceiveToRow">From their receipt by the collector to their row.</param>
public sealed record FunctionsLatency(HopLatency? ReceiveToRow);

/// <summary>The database of the functions.</summary>
/// <param name="CompressionWhy">Why they are, or are not.</param>
public sealed record DatabaseStatus(string Edition, string Version, string Postgresql, bool Compression, string CompressionWhy);
