using Azure.Identity;
using Azure.Storage.Blobs;
using CloudTicks.Lake.Objects;

namespace CloudTicks.Lake.Blobs;

/// <summary>Opens containers of Azure Blob Storage with the machine's identity.</summary>
internal static class AzureContainers
{
    /// <returns>Null if the address is not one of Azure Blob Storage.</returns>
    /// <exception cref="FormatException">The address has no container name, or has a query or a user name.</exception>
    public static IObjectContainer? TryOpen(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        if (uri.Query.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw new FormatException(
                "Lake__Address has a query or a user name, which may contain a secret: remove it. The machine's identity is used instead.");
        }

        var path = uri.AbsolutePath.Trim('/').Split('/', 2);
        if (path[0].Length == 0)
        {
            throw new FormatException(
                $"Lake__Address names no container: '{address}'. Write it as https://account.blob.core.windows.net/container/prefix.");
        }

        var client = new BlobContainerClient(new Uri($"https://{uri.Authority}/{path[0]}"), new DefaultAzureCredential());
        return new BlobContainer(client, path.Length > 1 ? $"{Uri.UnescapeDataString(path[1]).Trim('/')}/" : "");
    }
}
