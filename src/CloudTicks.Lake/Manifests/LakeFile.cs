using System.Globalization;
using System.Text.Json.Serialization;

namespace CloudTicks.Lake.Manifests;

/// <summary>A current Parquet file, as described in its manifest.</summary>
public sealed record LakeFile
{
    /// <summary>The file's name below the folder of the day, such as <c>hour=06/part-….parquet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The first hour that the file covers, 0 to 23, UTC.</summary>
    public required int FirstHour { get; init; }

    /// <summary>The last hour that the file may cover, 0 to 23, UTC; later than <see cref="FirstHour"/> if hours were merged.</summary>
    public required int LastHour { get; init; }

    /// <summary>The number of ticks in the file.</summary>
    public required long Rows { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The earliest time of the file's ticks, Unix ms, UTC.</summary>
    public required long FirstMs { get; init; }

    /// <summary>The latest time of the file's ticks, Unix ms, UTC.</summary>
    public required long LastMs { get; init; }

    /// <summary>The sum of the identities of the file's ticks, modulo 2^64, as 16 hex digits.</summary>
    public required string IdentitySum { get; init; }

    /// <summary>When the file was added, Unix ms, UTC, according to the writer's clock.</summary>
    public required long AddedMs { get; init; }

    /// <summary>
    /// By stream, the ranges of the records whose ticks the file holds: partition, first offset, and the offset after the last.
    /// </summary>
    public required IReadOnlyDictionary<string, long[][]> Ranges { get; init; }

    /// <summary><see cref="IdentitySum"/> as a number.</summary>
    [JsonIgnore]
    public ulong Sum => ulong.Parse(IdentitySum, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
