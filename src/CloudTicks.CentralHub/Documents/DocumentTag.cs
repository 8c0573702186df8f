using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.CentralHub.Documents;

/// <summary>A version's ETag: its number and a hash, so that a hub with another history never responds "not modified".</summary>
public static class DocumentTag
{
    private const int HashBytes = 6;

    /// <summary>Returns the tag with its quotes, <c>"12-9f86d081884c"</c>.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    public static string Of(int version, string json)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, HashBytes));
        return string.Create(CultureInfo.InvariantCulture, $"\"{version}-{hash}\"");
    }
}
