using System.Globalization;

namespace CloudTicks.Lake.Manifests;

/// <summary>Versioned names, such as <c>_manifest-00000012.json</c>.</summary>
internal static class VersionedName
{
    public const string Manifest = "_manifest-";
    public const string Positions = "_positions-";
    public const string Proof = "_verified-";

    private const string Ending = ".json";

    public static string Of(string stem, long version) => $"{stem}{version.ToString("D8", CultureInfo.InvariantCulture)}{Ending}";

    public static bool TryParse(string stem, string name, out long version)
    {
        version = 0;
        return name.StartsWith(stem, StringComparison.Ordinal) && name.EndsWith(Ending, StringComparison.Ordinal)
            && long.TryParse(name[stem.Length..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}
