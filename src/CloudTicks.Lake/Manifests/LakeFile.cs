using System.Globalization;
using System.Text.Json.Serialization;

namespace CloudTicks.Lake.Manifests;

/// <summary>A current Parquet file, as described in its manifest.</summary>
public sealed record LakeFile
{
    /// <summary>Its name below the folder of the day, such as <c>hour=06/part-….parquet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The first hour that the file covers, 0 to 23, UTC.</summary>
    public required int FirstHour { get; init; }

    /// <summary>The last hour, UTC, that it may hold: later than the first where hours were merged.</summary>
    public required int LastHour { get; init; }

    /// <summary>The number of its ticks.</summary>
    public required long Rows { get; init; }

    /// <summary>Its size, bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The earliest time in it, Unix ms, UTC.</summary>
    public required long FirstMs { get; init; }

    /// <summary>The latest time in it, Unix ms, UTC.</summary>
    public required long LastMs { get; init; }

    /// <summary>The sum of the identities of its ticks, modulo 2^64, as 16 hex digits.</summary>
    public required string IdentitySum { get; init; }

    /// <summary>When it was added, Unix ms, UTC, by the writer's clock.</summary>
    public required long AddedMs { get; init; }

    /// <summary>By stream, the ranges of records whose ticks it holds: partition, first offset, and the offset after the last.</summary>
    public required IReadOnlyDictionary<string, long[][]> Ranges { get; init; }

    /// <summary><see cref="IdentitySum"/> as a number.</summary>
    [JsonIgnore]
    public ulong Sum => ulong.Parse(IdentitySum, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
