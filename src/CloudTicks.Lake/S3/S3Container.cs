using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.S3;

/// <summary>A bucket of Amazon S3 or of an S3-compatible server.</summary>
internal sealed class S3Container(S3Address address, S3Credentials credentials, HttpClient http, TimeProvider time) : IObjectContainer
{
    private readonly S3Signature _signature = new(credentials, address.Region);

    public string Location => address.ToString();

    public async Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<StoredObject>();
        string? next = null;
        do
        {
            var query = $"?list-type=2&prefix={Uri.EscapeDataString(address.Prefix + prefix)}"
                + (next is null ? "" : $"&continuation-token={Uri.EscapeDataString(next)}");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address.BucketUri + query));
            using var response = await SendAsync(request, S3Signature.Hash([]), cancellationToken);
            await ThrowIfRefusedAsync(response, "", cancellationToken);
            next = Add(found, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        while (next is not null);
        return found;
    }

    public async Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address.UriOf(name)) { Content = new ReadOnlyMemoryContent(content) };
        request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var response = await SendAsync(request, S3Signature.Hash(content.Span), cancellationToken);
        if (response.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return false;
        }

        await ThrowIfRefusedAsync(response, name, cancellationToken);
        return true;
    }

    public async Task PutFileAsync(string name, string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;
        using var request = new HttpRequestMessage(HttpMethod.Put, address.UriOf(name)) { Content = new StreamContent(file) };
        using var response = await SendAsync(request, hash, cancellationToken);
        await ThrowIfRefusedAsync(response, name, cancellationToken);
    }

    public async Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return [];
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address.UriOf(name));
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        using var response = await SendAsync(request, S3Signature.Hash([]), cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return [];
        }

        await ThrowIfRefusedAsync(response, name, cancellationToken);
        return await ReadAsync(() => response.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
    }

    public async Task DownloadAsync(string name, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address.UriOf(name));
        using var response = await SendAsync(request, S3Signature.Hash([]), cancellationToken);
        await ThrowIfRefusedAsync(response, name, cancellationToken);
        await using var file = File.Create(path);
        await ReadAsync(
            async () =>
            {
                await response.Content.CopyToAsync(file, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, address.UriOf(name));
        using var response = await SendAsync(request, S3Signature.Hash([]), cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            await ThrowIfRefusedAsync(response, name, cancellationToken);
        }
    }

    private string? Add(List<StoredObject> found, string response)
    {
        try
        {
            var root = XDocument.Parse(response).Root!;
            var xmlns = root.Name.Namespace;
            found.AddRange(root.Elements(xmlns + "Contents").Select(entry => new StoredObject(
                entry.Element(xmlns + "Key")!.Value[address.Prefix.Length..],
                long.Parse(entry.Element(xmlns + "Size")!.Value, CultureInfo.InvariantCulture))));
            return root.Element(xmlns + "IsTruncated")?.Value == "true" ? root.Element(xmlns + "NextContinuationToken")?.Value : null;
        }
        catch (Exception none) when (none is XmlException or NullReferenceException or FormatException)
        {
            throw new IOException($"{Location} returned something other than a list of objects.", none);
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string payloadHash, CancellationToken cancellationToken)
    {
        _signature.Sign(request, payloadHash, time.GetUtcNow());
        return ReadAsync(
            () => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
    }

    private async Task<T> ReadAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException unreachable)
        {
            throw new IOException($"{Location} does not answer: {unreachable.Message}", unreachable);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Location} did not answer within {http.Timeout.TotalSeconds:0} s.", late);
        }
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage response, string name, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        if (response.StatusCode == HttpStatusCode.NotFound && name.Length > 0)
        {
            throw new FileNotFoundException($"{Location} has no {name}.", name);
        }

        var text = await ReadAsync(() => response.Content.ReadAsStringAsync(cancellationToken), cancellationToken);
        var start = text.IndexOf("<Code>", StringComparison.Ordinal);
        var code = start < 0 ? "" : $" {text[(start + 6)..].Split('<')[0]}";
        throw new IOException(string.Create(
            CultureInfo.InvariantCulture, $"{Location} refuses {response.RequestMessage!.Method}: HTTP {(int)response.StatusCode}{code}."));
    }
}
