using CloudTicks.Lake.Objects;

namespace CloudTicks.Lake.Blobs;

/// <summary>Refuses addresses of Azure Blob Storage: this build does not include the client library for it.</summary>
internal static class AzureContainers
{
    /// <returns>Null if the address is not one of Azure Blob Storage.</returns>
    /// <exception cref="FormatException">The address is one of Azure Blob Storage, which this build cannot open.</exception>
    public static IObjectContainer? TryOpen(string address) => address.StartsWith("https://", StringComparison.Ordinal)
        ? throw new FormatException(
            "Lake__Address is in Azure Blob Storage, which this build does not support: build with -p:CloudPackages=true, or use a folder "
            + "or s3://bucket/prefix.")
        : null;
}
