using System.Globalization;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Manifests;

/// <summary>Names of Parquet files below the folder of a day, such as <c>hour=06/part-….parquet</c>.</summary>
internal static class PartName
{
    private const string HourKey = "hour=";
    private const string Start = "part-";
    private const string Ending = ".parquet";

    /// <summary>The number of hex digits of the Unix ms at the start of a version 7 UUID.</summary>
    private const int TimeHexDigits = 12;

    /// <summary>Creates an unused name. A file is in the folder of its first hour.</summary>
    public static string Create(int hour, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"{HourKey}{hour:D2}/{Start}{Guid.CreateVersion7(now):N}{Ending}");

    /// <summary>When a name was created, Unix ms by its writer's clock; null if the name is not of this form.</summary>
    public static long? CreatedMs(string name) => name.LastIndexOf($"/{Start}", StringComparison.Ordinal) is >= 0 and var at
        && name.Length >= at + 1 + Start.Length + TimeHexDigits
        && long.TryParse(
            name.AsSpan(at + 1 + Start.Length, TimeHexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ms)
        ? ms : null;

    /// <summary>Whether a name is that of a complete file of the lake.</summary>
    public static bool IsPart(string rest) => rest.Split('/') is [var hour, var file]
        && hour.StartsWith(HourKey, StringComparison.Ordinal) && file.StartsWith(Start, StringComparison.Ordinal)
        && file.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>Whether a name is that of an unfinished file.</summary>
    public static bool IsUnfinished(string name)
    {
        var file = name[(name.LastIndexOf('/') + 1)..];
        return file.EndsWith(FolderStore.UnfinishedEnding, StringComparison.Ordinal)
            && (file.StartsWith(Start, StringComparison.Ordinal) || file.StartsWith(VersionedName.Manifest, StringComparison.Ordinal)
                || file.StartsWith(VersionedName.Positions, StringComparison.Ordinal)
                || file.StartsWith(VersionedName.Proof, StringComparison.Ordinal));
    }
}
