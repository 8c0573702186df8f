using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Foundations;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

/// <summary>HTTP client for one service's document, with limits on the time and size of responses.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaxBytes = 1 << 20;
    private const string VersionHeader = "Config-Version";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly string _path;

    public HubConnection(Uri address, string service, string? key, TimeProvider time)
    {
        (Address, _time) = (address, time);
        _path = $"api/v1/config/{Uri.EscapeDataString(service)}";
        _http = ServiceClients.Create(address, "The central hub", key, connectTimeout: ConnectTimeout);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public Uri Address { get; }

    /// <summary>Reads the document. Waits for another version if <paramref name="known"/> is the newest.</summary>
    /// <param name="known">The ETag of the known version; null for none.</param>
    /// <param name="wait">How long the hub waits for another version.</param>
    /// <returns>Null when the known version is still the newest.</returns>
    /// <exception cref="HubException">The request failed, or the response cannot be used.</exception>
    public Task<HubDocument?> ReadAsync(string? known, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var uri = seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"{_path}?wait={seconds}") : _path;
        return CallAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, uri);
                if (known is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", known);
                }

                return request;
            },
            async (response, token) => response.StatusCode == HttpStatusCode.NotModified && known is not null ? null
                : response.StatusCode == HttpStatusCode.OK ? await ReadDocumentAsync(response, token)
                : throw Refusal(response),
            wait + ResponseTimeout,
            cancellationToken);
    }

    /// <summary>Changes the document with a merge patch, if the version with the ETag <paramref name="known"/> is still in force.</summary>
    /// <returns>False when another version is in force.</returns>
    /// <exception cref="HubException">The request failed, or the hub refuses the change.</exception>
    public Task<bool> ChangeAsync(byte[] patch, string known, string comment, CancellationToken cancellationToken) => CallAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"{_path}?comment={Uri.EscapeDataString(comment)}")
            {
                Content = new ByteArrayContent(patch) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            request.Headers.TryAddWithoutValidation("If-Match", known);
            return request;
        },
        async (response, token) => response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => true,
            HttpStatusCode.PreconditionFailed => false,
            HttpStatusCode.BadRequest => throw new HubException(
                HubException.Refused, ProblemText.Of(await ReadBytesAsync(response, token)) ?? "The central hub refuses the change."),
            HttpStatusCode.Forbidden => throw new HubException(
                HubException.Refused,
                $"The key of this process may not change documents: set {ServiceKey.Variable} to a writer's key."),
            _ => throw Refusal(response),
        },
        ResponseTimeout,
        cancellationToken);

    /// <summary>Reports the state of this process to the hub.</summary>
    /// <exception cref="HubException">The report failed.</exception>
    public Task ReportAsync(string instance, byte[] report, CancellationToken cancellationToken) => CallAsync(
        () => new HttpRequestMessage(HttpMethod.Post, $"{_path}/instances/{Uri.EscapeDataString(instance)}")
        {
            Content = new ByteArrayContent(report) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        },
        (response, _) => response.IsSuccessStatusCode ? Task.FromResult(true) : throw Refusal(response),
        ResponseTimeout,
        cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> CallAsync<T>(
        Func<HttpRequestMessage> createRequest, Func<HttpResponseMessage, CancellationToken, Task<T>> read, TimeSpan within,
        CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(within, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            using var request = createRequest();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return await read(response, linked.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubException(
                HubException.Timeout, $"The central hub at {Address.Authority} did not respond within {within.TotalSeconds:0} s.",
                inner: exception);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            // The inner exception contains the reason for a broken connection.
            var reason = (failed.InnerException ?? failed).Message.TrimEnd('.');
            throw new HubException(
                HubException.Unreachable, $"The central hub at {Address.Authority} does not answer: {reason}.", inner: failed);
        }
        catch (Exception failed) when (failed is JsonException or DecoderFallbackException)
        {
            throw new HubException(
                HubException.Malformed, $"The central hub at {Address.Authority} returned an invalid document: {failed.Message}",
                inner: failed);
        }
    }

    private async Task<HubDocument> ReadDocumentAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.Headers.TryGetValues(VersionHeader, out var versions)
            || !int.TryParse(versions.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !response.Headers.TryGetValues("ETag", out var tags))
        {
            throw new HubException(
                HubException.Malformed,
                $"The server at {Address.Authority} is not a central hub: it sends no version ({VersionHeader}, ETag). Check the address.");
        }

        var text = Utf8.GetString(await ReadBytesAsync(response, cancellationToken));
        HubDocument.Parse(text);
        var tag = tags.First();
        return tag == DocumentTag.Of(version, text) ? new HubDocument(version, tag, text) : throw new HubException(
            HubException.Malformed,
            $"The central hub at {Address.Authority} returned a document that does not match its ETag {tag}: a proxy in "
            + $"between may have changed it.");
    }

    private async Task<byte[]> ReadBytesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes)
            {
                throw new HubException(
                    HubException.Malformed,
                    $"The central hub at {Address.Authority} returned more than {new ByteSize(MaxBytes)}, the maximum size of a document.");
            }
        }

        return bytes.ToArray();
    }

    private HubException Refusal(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var (kind, explanation) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                (HubException.Refused, "it requires a valid key: set CLOUDTICKS_HUB_KEY"),
            HttpStatusCode.NotFound => (HubException.Refused, "it has no such service, or is not a central hub"),
            HttpStatusCode.TooManyRequests => (HubException.Refused, "it is receiving too many requests"),
            HttpStatusCode.ServiceUnavailable =>
                (HubException.Unreachable, "its database is unavailable, or too many requests are waiting"),
            >= HttpStatusCode.InternalServerError => (HubException.Unreachable, "it failed; see its log"),
            _ => (HubException.Malformed, "a central hub never returns this status"),
        };
        return new HubException(
            kind, $"The central hub at {Address.Authority} responded {status}: {explanation}.", response.Headers.RetryAfter?.Delta);
    }
}
