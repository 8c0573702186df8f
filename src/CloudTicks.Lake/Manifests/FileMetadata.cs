using System.Globalization;
using System.Text.Json;

namespace CloudTicks.Lake.Manifests;

/// <summary>The key-value metadata that describes a Parquet file of the lake.</summary>
internal static class FileMetadata
{
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, long[][]> ranges) => new()
    {
        ["cloudticks.lake.format"] = DayManifest.CurrentFormat.ToString(CultureInfo.InvariantCulture),
        ["cloudticks.lake.ranges"] = JsonSerializer.Serialize(ranges),
    };
}
