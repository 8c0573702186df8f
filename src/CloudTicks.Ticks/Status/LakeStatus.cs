using System.Globalization;
using System.Text.Json.Serialization;

namespace CloudTicks.Ticks.Status;

/// <summary>The state of the lake after the last round of writing.</summary>
/// <param name="Location">The lake's folder, or its address in an object store.</param>
/// <param name="Rows">Ticks in the current files.</param>
/// <param name="Bytes">Bytes of the current files.</param>
public sealed record LakeStatus(string Location, long Rows, long Bytes, int Files)
{
    /// <summary>Time of the newest tick; null while the lake is empty.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>Time of the oldest tick; null while the lake is empty.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Retention in days; null to keep all ticks.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Records of the archive that are not in the lake yet; null while unknown.</summary>
    public long? LagRecords { get; init; }

    /// <summary>Average bytes per tick of those archive records that are in the lake; null while the lake is empty.</summary>
    public double? ArchiveBytesPerTick { get; init; }

    /// <summary>Average bytes per tick of the lake's files; null while the lake is empty.</summary>
    public double? BytesPerTick => Rows > 0 ? Math.Round((double)Bytes / Rows, 2) : null;

    /// <summary>Compression ratio of the lake against the archive; null while unknown.</summary>
    public double? Compression => ArchiveBytesPerTick / BytesPerTick is { } times ? Math.Round(times, 2) : null;

    /// <summary>
    /// How large the lake is compared to the archive, such as <c>2.0 times smaller</c>; null while unknown. A lake of small files may be
    /// larger than the archive.
    /// </summary>
    [JsonIgnore]
    public string? SizeComparedToArchive => Compression is not (> 0 and var times) ? null
        : times >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{times:0.0} times smaller")
        : string.Create(CultureInfo.InvariantCulture, $"{1 / times:0.0} times larger");

    /// <summary>Whether this process writes the lake.</summary>
    public bool Writes { get; init; }

    /// <summary>What is wrong; null when all is well.</summary>
    public string? Problem { get; init; }
}
