using CloudTicks.Lake.Objects;

namespace CloudTicks.Lake.Blobs;

/// <summary>This build lacks the package for Azure Blob Storage, which is part of the cloud flavour.</summary>
internal static class AzureContainers
{
    /// <returns>Null when the address is not Azure's.</returns>
    /// <exception cref="FormatException">The address is Azure's, which this build cannot open.</exception>
    public static IObjectContainer? TryOpen(string address) => address.StartsWith("https://", StringComparison.Ordinal)
        ? throw new FormatException(
            "Lake__Address is one of Azure Blob Storage, which this build does not have: build with -p:CloudPackages=true, or use a folder "
            + "or s3://bucket/prefix.")
        : null;
}
