using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Foundations;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

/// <summary>Asks the hub for one service's document; no answer costs more time or memory than its bounds.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostBytes = 1 << 20;
    private const string VersionHeader = "Config-Version";

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly string _path;

    public HubConnection(Uri address, string service, string? key, TimeProvider time)
    {
        (Address, _time) = (address, time);
        _path = $"api/v1/config/{Uri.EscapeDataString(service)}";
        _http = ServiceClients.Create(address, "The central hub", key, connectTimeout: ConnectTime);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public Uri Address { get; }

    /// <summary>Reads the document.</summary>
    /// <exception cref="HubException">The hub could not be asked, or its answer cannot be used.</exception>
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
            async (answer, token) => answer.StatusCode == HttpStatusCode.NotModified && known is not null ? null
                : answer.StatusCode == HttpStatusCode.OK ? await DocumentAsync(answer, token)
                : throw Refusal(answer),
            wait + AnswerTime,
            cancellationToken);
    }

    /// <summary>Changes the document by a merge patch, if a version is in force still.</summary>
    /// <returns>False when another one is.</returns>
    /// <exception cref="HubException">The hub could not be asked, or refuses the change.</exception>
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
        async (answer, token) => answer.StatusCode switch
        {
            _ when answer.IsSuccessStatusCode => true,
            HttpStatusCode.PreconditionFailed => false,
            HttpStatusCode.BadRequest => throw new HubException(
                HubException.Refused, ProblemText.Of(await BytesAsync(answer, token)) ?? "The central hub refuses the change."),
            HttpStatusCode.Forbidden => throw new HubException(
                HubException.Refused,
                $"The central hub lets the key of this process change nothing: set {ServiceKey.Variable} to a writer's."),
            _ => throw Refusal(answer),
        },
        AnswerTime,
        cancellationToken);

    /// <summary>Tells the hub how this process fares.</summary>
    /// <exception cref="HubException">It did not take it.</exception>
    public Task ReportAsync(string instance, byte[] report, CancellationToken cancellationToken) => CallAsync(
        () => new HttpRequestMessage(HttpMethod.Post, $"{_path}/instances/{Uri.EscapeDataString(instance)}")
        {
            Content = new ByteArrayContent(report) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        },
        (answer, _) => answer.IsSuccessStatusCode ? Task.FromResult(true) : throw Refusal(answer),
        AnswerTime,
        cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> CallAsync<T>(
        Func<HttpRequestMessage> ask, Func<HttpResponseMessage, CancellationToken, Task<T>> read, TimeSpan within,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(within, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = ask();
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await read(answer, either.Token);
        }
        catch (OperationCanceledException stopped) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubException(
                HubException.Timeout, $"The central hub at {Address.Authority} did not answer within {within.TotalSeconds:0} s.",
                inner: stopped);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            // The sentence of a connection that is cut lies one below.
            var reason = (failed.InnerException ?? failed).Message.TrimEnd('.');
            throw new HubException(
                HubException.Unreachable, $"The central hub at {Address.Authority} does not answer: {reason}.", inner: failed);
        }
        catch (Exception failed) when (failed is JsonException or DecoderFallbackException)
        {
            throw new HubException(
                HubException.Malformed, $"The central hub at {Address.Authority} answers with no document: {failed.Message}",
                inner: failed);
        }
    }

    private async Task<HubDocument> DocumentAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.Headers.TryGetValues(VersionHeader, out var versions)
            || !int.TryParse(versions.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !answer.Headers.TryGetValues("ETag", out var tags))
        {
            throw new HubException(
                HubException.Malformed,
                $"What answers at {Address.Authority} is no central hub: it names no version ({VersionHeader}, ETag). Check the address.");
        }

        var text = Utf8.GetString(await BytesAsync(answer, cancellationToken));
        HubDocument.Parse(text);
        var tag = tags.First();
        return tag == DocumentTag.Of(version, text) ? new HubDocument(version, tag, text) : throw new HubException(
            HubException.Malformed,
            $"The central hub at {Address.Authority} answers with a document that is not the one of its ETag {tag}: something on the way "
                + $"changes it.");
    }

    private async Task<byte[]> BytesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var part = new byte[16 << 10];
        int read;
        while ((read = await body.ReadAsync(part, cancellationToken)) > 0)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > MostBytes)
            {
                throw new HubException(
                    HubException.Malformed,
                    $"The central hub at {Address.Authority} answers with more than {new ByteSize(MostBytes)}, which is no document.");
            }
        }

        return bytes.ToArray();
    }

    private HubException Refusal(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var (kind, why) = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                (HubException.Refused, "it wants a key: set CLOUDTICKS_HUB_KEY to one that it knows"),
            HttpStatusCode.NotFound => (HubException.Refused, "it does not know this service, or is no central hub"),
            HttpStatusCode.TooManyRequests => (HubException.Refused, "it receives too many requests"),
            HttpStatusCode.ServiceUnavailable => (HubException.Unreachable, "its database is away"),
            >= HttpStatusCode.InternalServerError => (HubException.Unreachable, "it has failed; its log says why"),
            _ => (HubException.Malformed, "that is no answer of a central hub"),
        };
        return new HubException(kind, $"The central hub at {Address.Authority} answers {status}: {why}.", answer.Headers.RetryAfter?.Delta);
    }
}
