using CloudTicks.Ticks.Measures;

namespace CloudTicks.Ticks.Status;

/// <summary>What the functions of a process have done since its start: <c>GET /api/v1/status</c> of the functions, in snake_case.</summary>
/// <param name="Stored">Rows inserted into the table.</param>
public sealed record FunctionsStatus(long Stored, long Published)
{
    /// <summary>Records of the archive that wait to be stored; null while unknown.</summary>
    public long? LagRecords { get; init; }

    /// <summary>Records of the archive that wait to be published; null while unknown.</summary>
    public long? PublishLagRecords { get; init; }

    /// <summary>Latency over the last few seconds.</summary>
    public FunctionsLatency? Latency { get; init; }

    /// <summary>The NATS servers to which ticks are published, without credentials.</summary>
    public IReadOnlyList<string> Nats { get; init; } = [];

    /// <summary>The database; null before the first connection.</summary>
    public DatabaseStatus? Timescale { get; init; }

    /// <summary>The lake; null when it is off.</summary>
    public LakeStatus? Lake { get; init; }
}

/// <summary>Latency over the last few seconds; null where no tick arrived.</summary>
/// <param name="ReceiveToRow">From the receipt by the collector to the row in the table.</param>
public sealed record FunctionsLatency(HopLatency? ReceiveToRow);

/// <summary>The database of the functions.</summary>
/// <param name="CompressionWhy">Why chunks are compressed, or are not.</param>
public sealed record DatabaseStatus(string Edition, string Version, string Postgresql, bool Compression, string CompressionWhy);
