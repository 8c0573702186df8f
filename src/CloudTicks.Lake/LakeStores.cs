using System.Security.Cryptography;
using System.Text;
using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Blobs;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.S3;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake;

/// <summary>Opens the lake that a setting or a command-line option names.</summary>
public static class LakeStores
{
    /// <summary>The default size limit of the local cache of an object store, bytes.</summary>
    public const long DefaultCacheBytes = 10L << 30;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Whether a location is an object store's address rather than a folder.</summary>
    public static bool IsAddress(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return location.Contains("://", StringComparison.Ordinal);
    }

    /// <summary>Opens a folder or an address. Nothing is read yet.</summary>
    /// <param name="location">A folder, <c>s3://bucket/prefix</c> or <c>https://account.blob.core.windows.net/container/prefix</c>.</param>
    /// <param name="cacheFolder">Local cache for files of an object store; null for a folder inside the system's temporary folder.</param>
    /// <param name="cacheBytes">The maximum size of the cache, bytes.</param>
    /// <param name="variable">Reads an environment variable; returns null if it is not set.</param>
    /// <exception cref="FormatException">The address is invalid or not supported by this build, or the access key is missing.</exception>
    public static ILakeStore Open(string location, string? cacheFolder, long cacheBytes, Func<string, string?> variable, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(variable);
        if (!IsAddress(location))
        {
            return new FolderStore(Path.GetFullPath(location), new Disk());
        }

        var container = Container(location, variable, time);
        var folder = Path.Combine(cacheFolder ?? Path.Combine(Path.GetTempPath(), "cloudticks-lake"), HashOf(container.Location));
        return new ObjectStore(
            container, new LakeFileCache(Path.Combine(folder, "files"), cacheBytes, time),
            Path.Combine(folder, "writing"), time);
    }

    private static IObjectContainer Container(string address, Func<string, string?> variable, TimeProvider time)
    {
        if (address.StartsWith(S3Address.Scheme, StringComparison.Ordinal))
        {
            return new S3Container(
                S3Address.Parse(address), S3Credentials.Read(variable), new HttpClient { Timeout = Timeout }, time);
        }

        return AzureContainers.TryOpen(address) ?? throw new FormatException(
            $"Lake__Address is neither s3://bucket/prefix nor https://account.blob.core.windows.net/container/prefix: "
            + $"'{address.Split('?')[0]}'.");
    }

    /// <summary>Hashes a lake's location for the name of its cache folder, so that two lakes never share a cache.</summary>
    private static string HashOf(string location) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(location)))[..16];
}
