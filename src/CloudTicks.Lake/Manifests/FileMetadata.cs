using System.Globalization;
using System.Text.Json;

namespace CloudTicks.Lake.Manifests;

/// <summary>A file's description of itself in Parquet's key-value metadata.</summary>
internal static class FileMetadata
{
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, long[][]> ranges) => new()
    {
        ["cloudticks.lake.format"] = DayManifest.CurrentFormat.ToString(CultureInfo.InvariantCulture),
        ["cloudticks.lake.ranges"] = JsonSerializer.Serialize(ranges),
    };
}
