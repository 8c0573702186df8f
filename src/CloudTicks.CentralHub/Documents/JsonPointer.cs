using System.Globalization;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Builds JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Of(string place, string name) =>
        $"{place}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Of(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}/{index}");
}
