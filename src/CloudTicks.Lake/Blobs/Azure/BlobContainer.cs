using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Blobs;

/// <summary>A container of Azure Blob Storage.</summary>
/// <param name="prefix">The prefix of all object names: empty, or ends in a slash.</param>
internal sealed class BlobContainer(BlobContainerClient container, string prefix) : IObjectContainer
{
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;
    private const int RangeNotSatisfiable = 416;

    public string Location => new Uri(container.Uri, $"{container.Uri.AbsolutePath}/{prefix}").AbsoluteUri;

    public Task<IReadOnlyList<StoredObject>> ListAsync(string namePrefix, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<StoredObject>>("", async () =>
        {
            var found = new List<StoredObject>();
            await foreach (var blob in container.GetBlobsAsync(
                BlobTraits.None, BlobStates.None, prefix + namePrefix, cancellationToken))
            {
                found.Add(new StoredObject(blob.Name[prefix.Length..], blob.Properties.ContentLength ?? 0));
            }

            return found;
        });

    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync(name, async () =>
        {
            try
            {
                await BlobOf(name).UploadAsync(
                    new BinaryData(content), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                    cancellationToken);
                return true;
            }
            catch (RequestFailedException conflict) when (conflict.Status is PreconditionFailed or Conflict)
            {
                return false;
            }
        });

    public Task PutFileAsync(string name, string path, CancellationToken cancellationToken) =>
        CallAsync(name, () => BlobOf(name).UploadAsync(path, new BlobUploadOptions(), cancellationToken));

    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        CallAsync(name, async () =>
        {
            try
            {
                var response = await BlobOf(name).DownloadContentAsync(
                    new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken);
                return response.Value.Content.ToArray();
            }
            catch (RequestFailedException pastEnd) when (pastEnd.Status == RangeNotSatisfiable)
            {
                return [];
            }
        });

    public Task DownloadAsync(string name, string path, CancellationToken cancellationToken) =>
        CallAsync(name, () => BlobOf(name).DownloadToAsync(path, cancellationToken));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        CallAsync(name, () => BlobOf(name).DeleteIfExistsAsync(cancellationToken: cancellationToken));

    private BlobClient BlobOf(string name) => container.GetBlobClient(prefix + name);

    private async Task<T> CallAsync<T>(string name, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException missing) when (missing.Status == NotFound && name.Length > 0)
        {
            throw new FileNotFoundException($"{Location} has no {name}.", name, missing);
        }
        catch (Exception failed) when (failed is RequestFailedException or AuthenticationFailedException)
        {
            // The first line of the message describes the error; the others are response headers.
            throw new IOException($"{Location} does not answer, or refuses the request: {failed.Message.Split('\n')[0].Trim()}", failed);
        }
    }
}
