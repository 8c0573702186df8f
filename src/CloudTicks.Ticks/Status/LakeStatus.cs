namespace CloudTicks.Ticks.Status;

/// <summary>How the lake stands, as of its last round.</summary>
/// <param name="Location">Its folder.</param>
/// <param name="Rows">Ticks in files that count.</param>
/// <param name="Bytes">Bytes of files that count.</param>
public sealed record LakeStatus(string Location, long Rows, long Bytes, int Files)
{
    /// <summary>The newest tick; null while the lake is empty.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>Records of the archive that are not in the lake; null while that is not known.</summary>
    public long? LagRecords { get; init; }

    /// <summary>Whether this process writes it, not another one.</summary>
    public bool Writes { get; init; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Problem { get; init; }
}
