namespace CloudTicks.Ticks.Status;

/// <summary>How the lake stands, as of its last round.</summary>
/// <param name="Location">Its folder.</param>
/// <param name="Rows">Ticks in files that count.</param>
/// <param name="Bytes">Bytes of files that count.</param>
public sealed record LakeStatus(string Location, long Rows, long Bytes, int Files)
{
    /// <summary>The newest tick; null while the lake is empty.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>The oldest tick; null while the lake is empty.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Days of ticks that it keeps; null for all.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Records of the archive that are not in the lake; null while that is not known.</summary>
    public long? LagRecords { get; init; }

    /// <summary>Bytes of the archive's records for a tick, of all records that the lake has taken; null while there is none.</summary>
    public double? ArchiveBytesPerTick { get; init; }

    /// <summary>Bytes of the lake's files for a tick; null while the lake is empty.</summary>
    public double? BytesPerTick => Rows > 0 ? Math.Round((double)Bytes / Rows, 2) : null;

    /// <summary>How many times smaller a tick is in the lake than in the archive; null while that is not known.</summary>
    public double? Compression => ArchiveBytesPerTick / BytesPerTick is { } times ? Math.Round(times, 2) : null;

    /// <summary>Whether this process writes it, not another one.</summary>
    public bool Writes { get; init; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Problem { get; init; }
}
